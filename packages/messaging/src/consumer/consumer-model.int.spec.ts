import { describe } from '@jest/globals';
import { SERVICE_HAPPENINGS } from '../../fixtures/model/happenings.js';
import { testModel } from '../../fixtures/model/model-suite.js';
import { SERVICE_CONTROLS } from '../../fixtures/model/service-controls.js';
import { playServiceScript } from '../../fixtures/model/service-play.js';
import { serviceScripts } from '../../fixtures/model/service-script.js';
import { openTheatre } from '../../fixtures/model/theatre.js';

describe('replicas handle each message once per subscription, or bury it after its tries, each key in its order,', () => {
  testModel({
    ...{ name: 'consumer-model', runs: 40, scripts: serviceScripts, open: openTheatre, play: playServiceScript },
    ...{ happenings: SERVICE_HAPPENINGS, controls: SERVICE_CONTROLS },
  });
});
