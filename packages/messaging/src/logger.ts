/**
 * The part of a logger that this package uses; pino fits. A field `err` is an error, whose causes may quote data: give
 * the logger {@link describeError} as its serializer.
 */
export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
