import { get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** Whether the process that listens there says that it is ready for work. */
export function isReady(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(`${url}/health/ready`, { timeout: 3_000, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}

/** Waits until it is; false when `giveUp` says so first. */
export async function untilReady(url: string, giveUp: () => boolean): Promise<boolean> {
  while (!giveUp()) {
    if (await isReady(url)) return true;
    await wait(50);
  }
  return false;
}
