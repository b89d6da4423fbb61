import { describe, expect, it } from '@jest/globals';
import { placesOf } from './places.js';

describe('the URLs of Pulsar', () => {
  it('lead to the admin API beside the WebSocket API, unless it is said where it is', () => {
    const adminUrl = (url: string, admin?: string) => placesOf(url, admin).adminUrl;
    expect(adminUrl('ws://broker:8080')).toBe('http://broker:8080');
    expect(adminUrl('wss://broker:8443/')).toBe('https://broker:8443');
    expect(adminUrl('ws://proxy:8080', 'https://admin:8443/admin/v2')).toBe('https://admin:8443');
  });

  it('are refused where they are none, and no password is repeated', () => {
    expect(() => placesOf('ws:secret@:x', undefined)).toThrow(/^the URL of the broker is none(?!.*secret)/);
    expect(() => placesOf('ws://broker', 'admin:secret@')).toThrow(/^the URL of the admin API is none(?!.*secret)/);
  });
});
