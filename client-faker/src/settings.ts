import { httpUrl, port, processSettings } from '@alpes/service-kit';
import { z } from 'zod';

/** All settings of the process. */
export const fakerSettings = z.object({
  ...processSettings.shape,
  PORT: port.default(3_010).describe('port of the HTTP server; 0 lets the system choose'),
  BFF_URL: httpUrl.default('http://127.0.0.1:3000').describe('where orders are placed'),
});

export type FakerSettings = z.infer<typeof fakerSettings>;
