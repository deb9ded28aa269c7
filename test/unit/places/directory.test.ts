import { describe, expect, it } from 'vitest';
import { ISSUERS } from '../../../lib/npki/issuer.ts';
import { findPlace, offeredPlaces, placeOfHost, PLACES, renewalDays, renewerOf, USUAL_DAYS } from '../../../lib/places/directory.ts';
import { NEEDS, PLACE_KINDS, RENEWED_AT } from '../../../lib/places/place.ts';
import { siteOf } from '../../../lib/platform/sites.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const HOUR = /^(?:[01]\d|2[0-4]):[0-5]\d$/;

describe.each(PLACES.map((place) => [place.id, place] as const))('the entry of %s', (_, place) => {
  it('says where it was read, and when', () => {
    expect(place.source.length).toBeGreaterThan(0);
    for (const address of place.source) expect(URL.parse(address)?.protocol).toMatch(/^https?:$/);
    expect(place.checked).toMatch(DAY);
    expect(Date.parse(place.checked)).not.toBeNaN();
  });

  it('has a name in both languages and a kind that we know', () => {
    expect([place.name.ko, place.name.en].every((name) => name.trim() === name && name !== '')).toBe(true);
    expect(PLACE_KINDS).toContain(place.kind);
  });

  it('leads over https to a host of its own, or nowhere', () => {
    const url = place.url === null ? null : new URL(place.url);
    if (url) expect([url.protocol, url.port, url.username, url.search, url.hash]).toEqual(['https:', '', '', '', '']);
    expect(url ? placeOfHost(url.hostname) : place.hosts.length).toBe(url ? place : 0);
  });

  it('has menu words that are whole, and says of renewal what screens can show', () => {
    for (const words of Object.values(place.menus)) expect(words === null || /^\S.*\S$/.test(words)).toBe(true);
    const { renewal } = place;
    if (!renewal) return;
    expect(RENEWED_AT).toContain(renewal.at);
    expect(renewal.fromDays).toBeGreaterThanOrEqual(30);
    expect(renewal.fromDays).toBeLessThanOrEqual(60);
    for (const need of renewal.needs) expect(NEEDS).toContain(need);
    for (const hour of renewal.hours ? [renewal.hours.from, renewal.hours.to] : []) expect(hour).toMatch(HOUR);
    for (const text of [renewal.fee, renewal.note]) expect(text === null || (text.ko !== '' && text.en !== '')).toBe(true);
    expect(place.url).not.toBeNull();
  });

  it('is named as the approval window names it, where that knows the host', () => {
    const site = place.url === null ? null : siteOf(new URL(place.url).origin);
    if (site && place.kind !== 'ca') expect([place.name.ko, place.name.en]).toEqual([site.ko, site.en]);
  });
});

describe('the directory', () => {
  it('has each id once, in a form that wallets keep', () => {
    expect(new Set(PLACES.map(({ id }) => id)).size).toBe(PLACES.length);
    for (const { id } of PLACES) expect(id).toMatch(/^[a-z0-9-]{1,24}$/);
  });

  it('gives no host to two', () => {
    const hosts = PLACES.flatMap((place) => place.hosts);
    expect(new Set(hosts).size).toBe(hosts.length);
  });

  it('calls authorities and banks as certificates are read', () => {
    const known: readonly string[] = [...ISSUERS, 'ibk', 'kb', 'nh', 'woori', 'sc', 'hana', 'shinhan'];
    for (const { id, renewal } of PLACES) if (renewal) expect(known).toContain(id);
  });

  it.each([
    ['a bank by its name in the certificate', { issuer: 'yessign', bank: 'kb' }, 'kb'],
    ['the authority where no bank is named', { issuer: 'yessign', bank: null }, 'yessign'],
    ['the authority of a bank that has no entry', { issuer: 'yessign', bank: 'sc' }, 'yessign'],
    ['nobody for an authority without an entry', { issuer: 'ncasign', bank: null }, undefined],
    ['nobody for an unknown one', { issuer: 'other', bank: null }, undefined],
    ['nobody for a place that renews none', { issuer: 'hometax', bank: null }, undefined],
    ['nobody for a name of the language', { issuer: '__proto__', bank: 'constructor' }, undefined],
  ])('renews with %s', (_, certificate, id) => expect(renewerOf(certificate)?.id).toBe(id));

  it('takes the usual days for whom it does not know', () => {
    expect([renewalDays({ issuer: 'other', bank: null }), renewalDays({ issuer: 'kica', bank: null })]).toEqual([USUAL_DAYS, 30]);
  });

  it.each([
    ['hometax.go.kr', 'hometax'],
    ['www.hometax.go.kr', 'hometax'],
    ['obank.kbstar.com', 'kb'],
    ['hometax.go.kr.example', undefined],
    ['xhometax.go.kr', undefined],
    ['go.kr', undefined],
    ['', undefined],
  ])('finds at %s the place %s', (host, id) => expect(placeOfHost(host)?.id).toBe(id));

  it('offers places to register at, and no authority', () => {
    expect(offeredPlaces().map(({ kind }) => kind)).not.toContain('ca');
    expect(findPlace('phone')?.kind).toBe('app');
  });
});
