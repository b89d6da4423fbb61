import { describe } from '@jest/globals';
import { OUTBOX_HAPPENINGS } from '../../fixtures/model/happenings.js';
import { testModel } from '../../fixtures/model/model-suite.js';
import { OUTBOX_CONTROLS } from '../../fixtures/model/outbox-controls.js';
import { playOutboxScript } from '../../fixtures/model/outbox-play.js';
import { outboxScripts } from '../../fixtures/model/outbox-script.js';
import { openTheatre } from '../../fixtures/model/theatre.js';

describe('relays publish all that was committed and nothing else, each key in the order of its commits,', () => {
  testModel({
    ...{ name: 'outbox-model', runs: 60, scripts: outboxScripts, open: openTheatre, play: playOutboxScript },
    ...{ happenings: OUTBOX_HAPPENINGS, controls: OUTBOX_CONTROLS },
  });
});
