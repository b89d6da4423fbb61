/** Statements that are prepared on one connection; more would only fill the server's memory. */
const MOST = 200;

/**
 * For `name` of a query of `pg`, and `statementNameGenerator` of Prisma's adapter: a statement that has a name is parsed
 * once for each connection, and planned once if that plan does for all values. The same text has the same name. The first
 * {@link MOST} texts get one: a program has few that it repeats, and whoever makes up new ones all the time repeats none.
 */
export function createStatementNames(): (sql: string) => string {
  const names = new Map<string, string>();
  return (sql) => {
    const known = names.get(sql);
    if (known !== undefined || names.size >= MOST) return known ?? '';
    const name = `s${names.size}`;
    names.set(sql, name);
    return name;
  };
}
