import { describe, expect, it } from '@jest/globals';
import { readContract } from './contract.js';
import { eventsPage } from './events-page.js';
import type { Image } from './image.js';
import { anchor, table } from './markdown.js';

const image: Image = {
  file: [
    { name: 'alpes/messaging/v1/options.proto', package: 'alpes.messaging.v1', messageType: [{ name: 'Route' }] },
    { name: 'google/protobuf/timestamp.proto', package: 'google.protobuf', messageType: [{ name: 'Timestamp' }] },
    {
      name: 'alpes/a/v1/a.proto',
      package: 'alpes.a.v1',
      messageType: [
        {
          name: 'Saludo',
          options: {
            '[alpes.messaging.v1.route]': {
              ...{ topic: 'saludo', kind: 'KIND_STATE_TRANSFER_EVENT' },
              ...{ producers: ['order'], consumers: ['payment', 'saga-log'] },
            },
          },
          field: [
            {
              ...{ name: 'id', number: 1, label: 'LABEL_OPTIONAL', type: 'TYPE_STRING' },
              options: { '[alpes.messaging.v1.key]': true },
            },
            {
              ...{ name: 'at', number: 2, label: 'LABEL_OPTIONAL', type: 'TYPE_MESSAGE', proto3Optional: true },
              typeName: '.google.protobuf.Timestamp',
            },
            {
              ...{ name: 'moods', number: 3, label: 'LABEL_REPEATED', type: 'TYPE_ENUM' },
              typeName: '.alpes.a.v1.Saludo.Mood',
            },
          ],
          enumType: [{ name: 'Mood', value: [{ name: 'MOOD_UNSPECIFIED' }, { name: 'MOOD_GOOD', number: 1 }] }],
          nestedType: [{ name: 'Part' }],
        },
      ],
      sourceCodeInfo: {
        location: [
          {},
          { path: [4, 0], leadingComments: ' Says hello,\n in two lines.\n' },
          { path: [4, 0, 2, 2], leadingComments: ' good | bad\n' },
          { path: [4, 0, 4, 0], leadingComments: ' How one is.\n' },
          { path: [4, 0, 4, 0, 2, 1], leadingComments: ' Well.\n' },
          { path: [4, 0, 3, 0], leadingComments: ' A part.\n' },
        ],
      },
    },
  ],
};

describe('a contract', () => {
  const contract = readContract(image);

  it('has the comments of its sources, those of nested types too', () => {
    const [message, part] = contract.messages;
    expect(message).toMatchObject({ type: 'alpes.a.v1.Saludo', comment: 'Says hello, in two lines.' });
    expect(part).toMatchObject({ type: 'alpes.a.v1.Saludo.Part', comment: 'A part.' });
    expect(contract.enums[0]).toMatchObject({ type: 'alpes.a.v1.Saludo.Mood', comment: 'How one is.' });
    expect(contract.enums[0]?.values).toEqual([
      { number: 0, name: 'MOOD_UNSPECIFIED', comment: '' },
      { number: 1, name: 'MOOD_GOOD', comment: 'Well.' },
    ]);
  });

  it('leaves out what belongs to others', () => {
    expect(contract.messages.map(({ name }) => name)).toEqual(['Saludo', 'Part']);
  });

  it('becomes a page that says how each message travels', () => {
    const page = eventsPage(contract);
    expect(page).toMatch(
      /^\| \[Saludo\]\(#saludo\) +\| state-transfer event +\| `saludo` +\| order +\| payment, saga-log +\| `id` +\|$/m,
    );
    expect(page).toMatch(/^\| `saludo-payment-DLQ` +\| `payment` +\| `saludo` +\|$/m);
    expect(page).toMatch(/^\| 2 +\| `at` +\| optional Timestamp +\| +\|$/m);
    expect(page).toMatch(/^\| 3 +\| `moods` +\| repeated \[Mood\]\(#mood\) +\| good \\\| bad +\|$/m);
    expect(page).toContain('part of other messages');
  });
});

describe('a table', () => {
  it('is as wide as its widest cells, and a bar within a cell stays in it', () => {
    expect(table(['a', 'column'], [['b|c', 'd']])).toBe('| a    | column |\n| ---- | ------ |\n| b\\|c | d      |');
  });

  it('an anchor is what a reader makes of the heading', () => {
    expect(anchor('Dead letters, all of them')).toBe('#dead-letters-all-of-them');
  });
});
