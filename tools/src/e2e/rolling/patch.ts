/** Lines of a file that become others; whole lines, with those around them that say where it is. */
export interface Hunk {
  readonly before: string;
  readonly after: string;
}

export interface FileChange {
  /** From the root. */
  readonly file: string;
  readonly hunks: readonly Hunk[];
}

/** Reads a patch in the unified format. Of the numbers in it nothing is read: the lines themselves say where they are. */
export function readPatch(patch: string): readonly FileChange[] {
  const [, ...files] = patch.split(/^--- a\/.*\n(?=\+\+\+ )/m);
  return files.map((text) => {
    const [head = '', ...hunks] = text.split(/^@@.*\n/m);
    return { file: head.trim().replace('+++ b/', ''), hunks: hunks.map(readHunk) };
  });
}

function readHunk(text: string): Hunk {
  const lines = text.split('\n').filter((line) => line !== '');
  const side = (marks: string): string =>
    lines
      .filter((line) => marks.includes(line.slice(0, 1)))
      .map((line) => `${line.slice(1)}\n`)
      .join('');
  return { before: side(' -'), after: side(' +') };
}

/** The file's text after the change; throws if there is no place, or more than one, where a hunk belongs. */
export function applyChange({ file, hunks }: FileChange, text: string): string {
  return hunks.reduce((changed, { before, after }) => {
    const [start = '', end, ...more] = changed.split(before);
    if (end === undefined || more.length > 0) {
      throw new Error(`${file} has ${end === undefined ? 'no' : 'more than one'} place with these lines:\n${before}`);
    }
    return start + after + end;
  }, text);
}
