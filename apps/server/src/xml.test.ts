import { describe, expect, it } from 'vitest';
import { childOf, childrenOf, childText, escapeXml, parseXml, printXml } from './xml.ts';

describe('printXml', () => {
  it('prints nested elements under one header line', () => {
    const text = printXml([
      'A',
      [
        ['B', 'x'],
        ['C', []],
        ['D', 3],
      ],
    ]);
    expect(text).toBe('<?xml version="1.0" encoding="UTF-8"?>\n<A><B>x</B><C></C><D>3</D></A>');
  });

  it('escapes markup and line breaks, and leaves other control characters raw', () => {
    expect(escapeXml(`<&>"'\t\n\r\u0001图`)).toBe(
      '&lt;&amp;&gt;&quot;&apos;&#9;&#10;&#13;\u0001图',
    );
  });
});

describe('parseXml', () => {
  it('keeps blanks, raw control characters and entities of values', () => {
    const root = parseXml('<?xml version="1.0"?><A><K> a&#10;&lt;\u0001 </K></A>');
    expect(childText(childOf(root, 'A'), 'K')).toBe(' a\n<\u0001 ');
  });

  it('gives one, several or no children as a list', () => {
    const one = childOf(parseXml('<A><K>1</K></A>'), 'A');
    const two = childOf(parseXml('<A><K>1</K><K>2</K></A>'), 'A');
    expect([childrenOf(one, 'K'), childrenOf(two, 'K'), childrenOf(one, 'X')]).toEqual([
      ['1'],
      ['1', '2'],
      [],
    ]);
  });

  it.each(['<A>', '<A></B>', 'text', '', '<!DOCTYPE A [<!ENTITY e "x">]><A>&e;</A>'])(
    'refuses %j',
    (text) => {
      expect(() => parseXml(text)).toThrow(expect.objectContaining({ code: 'MalformedXML' }));
    },
  );

  it('reads what it prints', () => {
    const value = `<&>"'\t\n\r\u0001图`;
    expect(childText(childOf(parseXml(printXml(['A', [['K', value]]])), 'A'), 'K')).toBe(value);
  });
});
