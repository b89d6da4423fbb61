/** A command line that can't be understood; the message says why and what is known. */
export class WrongArguments extends Error {}
