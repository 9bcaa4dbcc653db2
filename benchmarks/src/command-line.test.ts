/**
 * The command line, right and wrong.
 * @module
 */

import { expect, it } from 'vitest';
import { CommandError, readCommand } from './command-line.ts';

it('takes all cases by default, and the corpus where there is one', () => {
  const command = readCommand([], { SAFELIGHT_CORPUS: '/corpus' }, '/here');
  expect(command.ids.size).toBe(19);
  expect(command).toMatchObject({ rounds: 5, runs: 15, pictures: '/corpus', fresh: false });
  expect(readCommand([], {}, '/here').pictures).toBeUndefined();
});

it('takes chosen cases, numbers and folders, with the mark that pnpm leaves in', () => {
  const args = ['--', 'p1', 'P16', '--rounds', '2', '--runs', '1', '--pictures', 'mine', '--fresh'];
  const command = readCommand(args, { SAFELIGHT_CORPUS: '/corpus' }, '/here');
  expect([...command.ids]).toEqual(['P1', 'P16']);
  expect(command).toMatchObject({ rounds: 2, runs: 1, pictures: '/here/mine', fresh: true });
});

it.each([
  [['P20'], "got 'P20'"],
  [['--rounds', '0'], "--rounds: expected a positive whole number, got '0'"],
  [['--runs', '1.5'], "got '1.5'"],
  [['--fast'], '--fast'],
])('refuses %j', (args, message) => {
  expect(() => readCommand(args, {}, '/here')).toThrow(CommandError);
  expect(() => readCommand(args, {}, '/here')).toThrow(message);
});
