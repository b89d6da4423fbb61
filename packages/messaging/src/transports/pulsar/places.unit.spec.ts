import { describe, expect, it } from '@jest/globals';
import { placesOf } from './places.js';

describe('the URLs of Pulsar', () => {
  it('lead to the admin API at its usual place, unless it is said where it is', () => {
    const adminUrl = (url: string, admin?: string) => placesOf(url, admin).adminUrl;
    expect(adminUrl('ws://broker:8080')).toBe('http://broker:8080');
    expect(adminUrl('wss://broker:8443/')).toBe('https://broker:8443');
    expect(adminUrl('pulsar://broker:6650')).toBe('http://broker:8080');
    expect(adminUrl('pulsar+ssl://broker')).toBe('https://broker:8443');
    expect(adminUrl('pulsar://[::1]:6650')).toBe('http://[::1]:8080');
    expect(adminUrl('pulsar://broker:6650', 'http://other:8081')).toBe('http://other:8081');
    expect(adminUrl('ws://proxy:8080', 'https://admin:8443/admin/v2')).toBe('https://admin:8443');
  });

  it('are refused where they are none, and no password is repeated', () => {
    expect(() => placesOf('ws:secret@:x', undefined)).toThrow(/^the URL of the broker is none(?!.*secret)/);
    expect(() => placesOf('pulsar://', undefined)).toThrow('it is like pulsar://localhost:6650');
    expect(() => placesOf('ws://broker', 'admin:secret@')).toThrow(/^the URL of the admin API is none(?!.*secret)/);
  });
});
