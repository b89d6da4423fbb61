/** What is sent at once: who writes each row by itself spends his time with that. */
const CHUNK_CHARACTERS = 64 * 1024;

/** Makes few large pieces of many small ones. */
export async function* inChunks(pieces: AsyncIterable<string | Uint8Array>): AsyncGenerator<Uint8Array> {
  let text = '';
  for await (const piece of pieces) {
    if (typeof piece === 'string') text += piece;
    if (text.length >= CHUNK_CHARACTERS || (typeof piece !== 'string' && text !== '')) {
      yield Buffer.from(text);
      text = '';
    }
    if (typeof piece !== 'string') yield piece;
  }
  if (text !== '') yield Buffer.from(text);
}
