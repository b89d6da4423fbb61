const STYLE = `
  body { font: 14px/1.5 system-ui, sans-serif; max-width: 1240px; margin: 2rem auto; padding: 0 1rem; color: #222 }
  table { border-collapse: collapse; margin: 1rem 0 }
  td, th { padding: .2rem .8rem; border-bottom: 1px solid #ddd; text-align: left }
  td.number, th.number { text-align: right; font-variant-numeric: tabular-nums }
  svg { max-width: 100%; height: auto }
  .good { color: #0a7a3d } .bad { color: #b00020 } pre { white-space: pre-wrap }
`;

const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as HTML shows it. */
export const escape = (text: string): string => text.replace(/[&<>"]/g, (sign) => SIGNS[sign] ?? sign);

/** A page that needs nothing else. `body` is HTML. */
export const htmlPage = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(title)}</title>
<style>${STYLE}</style>
${body}
</html>
`;

const isNumber = (text: string): boolean => /^[\d.,]*$/.test(text);

/** A table of texts; those that are numbers stand at the right. */
export function htmlTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cell = (tag: string) => (text: string) =>
    `<${tag}${isNumber(text) ? ' class="number"' : ''}>${escape(text)}</${tag}>`;
  const line = (tag: string, cells: readonly string[]): string => `<tr>${cells.map(cell(tag)).join('')}</tr>`;
  const lines = [...(head.length > 0 ? [line('th', head)] : []), ...rows.map((cells) => line('td', cells))];
  return `<table>\n${lines.join('\n')}\n</table>`;
}
