import { gatewaySuite } from '../../testing/gateway-suite.js';
import { sandboxes } from '../../testing/gateway-sandboxes.js';
import { gatewayNames } from './index.js';

for (const name of gatewayNames) gatewaySuite(name, sandboxes[name]);
