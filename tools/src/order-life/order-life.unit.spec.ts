import { describe } from '@jest/globals';
import { testModel } from '../../../packages/messaging/fixtures/model/model-suite.js';
import { LIFE_CONTROLS } from './testing/controls.js';
import { LIFE_HAPPENINGS } from './testing/happenings.js';
import { playLifeScript } from './testing/life-play.js';
import { lifeScripts } from './testing/script.js';
import { openLifeTheatre } from './testing/theatre.js';

describe('each order is approved or rejected in the end, everywhere the same, and charged once at most,', () => {
  testModel({
    ...{ name: 'order-life', runs: 5_000, scripts: lifeScripts, open: openLifeTheatre, play: playLifeScript },
    ...{ happenings: LIFE_HAPPENINGS, controls: LIFE_CONTROLS },
  });
});
