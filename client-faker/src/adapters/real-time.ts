import { pause } from '@alpes/messaging';
import type { Time } from '../domain/time.js';

export const realTime: Time = { now: () => performance.now(), pause };
