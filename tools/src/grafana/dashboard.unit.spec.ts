import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../start/system.js';
import { dashboard } from './dashboard.js';

interface Placed {
  readonly id: number;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

describe('deploy/grafana/alpes.json', () => {
  it('is what the panels say; if not, `npm run generate` writes it anew', () => {
    expect(JSON.parse(readFileSync(join(root, 'deploy/grafana/alpes.json'), 'utf8'))).toEqual(dashboard());
  });

  it('shows each panel at a place of its own', () => {
    const { panels } = dashboard() as { panels: Placed[] };
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)} ${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });
});
