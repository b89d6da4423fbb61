import type { Express, IRouter } from 'express';
import type { OpenApi } from '../http/openapi.js';

/** Methods and paths that only the app or only the document has, as in `GET /orders/{id}: only in the document`. */
export function undocumented(app: Express, { paths }: OpenApi): string[] {
  const routes = new Set(routesOf(app.router));
  const documented = new Set(
    Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => nameOf(method, path))),
  );
  return [
    ...[...routes].filter((route) => !documented.has(route)).map((route) => `${route}: only in the app`),
    ...[...documented].filter((route) => !routes.has(route)).map((route) => `${route}: only in the document`),
  ];
}

/** A handler of all methods, which refuses those that are left, has none of its own. */
function routesOf(router: IRouter): string[] {
  return router.stack.flatMap(({ route, handle }) => {
    if (route === undefined) return 'stack' in handle ? routesOf(handle as unknown as IRouter) : [];
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    const methods = route.stack.flatMap(({ method }) => (method === undefined ? [] : [method]));
    return methods.map((method) => nameOf(method, path));
  });
}

const nameOf = (method: string, path: string): string => `${method.toUpperCase()} ${path}`;
