import { describe, expect, it } from 'vitest';
import { clientAddress } from '../../../src/stack/edge/client-address.ts';

const trusted = new Set(['127.0.0.1', '10.0.0.1']);

describe('client address', () => {
  it('is the peer when the peer is not trusted, whatever it claims', () => {
    expect(clientAddress('198.51.100.7', '203.0.113.9', trusted)).toBe('198.51.100.7');
  });

  it('is the last address before the trusted proxies, never one further left', () => {
    const chain = '6.6.6.6, 203.0.113.9, 10.0.0.1';
    expect(clientAddress('127.0.0.1', chain, trusted)).toBe('203.0.113.9');
  });

  it('ends at anything that is no address', () => {
    expect(clientAddress('127.0.0.1', '203.0.113.9, evil', trusted)).toBe('127.0.0.1');
    expect(clientAddress('127.0.0.1', '', trusted)).toBe('127.0.0.1');
  });

  it('reads IPv6 and addresses of dual-stack sockets', () => {
    expect(clientAddress('::ffff:127.0.0.1', '2001:db8::1', trusted)).toBe('2001:db8::1');
    expect(clientAddress('::ffff:198.51.100.7', undefined, trusted)).toBe('198.51.100.7');
  });
});
