const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The text of a header, which Node hands out byte by byte: clients write UTF-8 or, some, ISO 8859-1. */
export function decodeHeader(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  try {
    return utf8.decode(Buffer.from(value, 'latin1'));
  } catch {
    return value;
  }
}
