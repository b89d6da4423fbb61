import { describe, expect, it } from '@jest/globals';
import { seriesIn, seriesOf } from './names.js';

describe('the names of series', () => {
  it('are found in an expression', () => {
    const expression = 'sum by (le) (rate(alpes_time_seconds_bucket{a="b"}[5m])) > alpes:due:ratio_5m and up == 1';
    expect(seriesIn(expression)).toEqual(['alpes_time_seconds_bucket', 'alpes:due:ratio_5m']);
  });

  it('are found in what a process tells, also where there is no sample yet', () => {
    const metrics = '# HELP a_total Things\n# TYPE a_total counter\n\n# TYPE b_seconds histogram\nb_seconds_sum 3\n';
    expect(seriesOf(metrics)).toEqual(['a_total', 'b_seconds_bucket', 'b_seconds_sum', 'b_seconds_count']);
  });
});
