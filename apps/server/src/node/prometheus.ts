/**
 * Numbers for Prometheus. Labels have few values by construction: operations by their names in the
 * manual, never paths, buckets or keys, which strangers could make as many of as they like.
 * @module
 */

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ResultTier } from '../cache/result-tier.ts';
import type { Telemetry } from '../telemetry.ts';
import type { RenderLoad } from './render-pool.ts';

export interface MetricsSources {
  readonly tiers: readonly ResultTier[];
  readonly load: () => RenderLoad;
}

/** Seconds: from a hit of the memory tier to a render that is given up. */
const DURATION_BUCKETS = [0.0005, 0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const UNKNOWN_OPERATION = 'none';

export function createPrometheus(sources: MetricsSources): Telemetry {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'safelight_' });
  const requests = new Counter({
    registers,
    name: 'safelight_requests_total',
    help: 'Requests that were answered.',
    labelNames: ['operation', 'status'] as const,
  });
  const durations = new Histogram({
    registers,
    name: 'safelight_request_seconds',
    help: 'Time from the head of a request to its answer.',
    labelNames: ['operation'] as const,
    buckets: DURATION_BUCKETS,
  });
  const results = new Counter({
    registers,
    name: 'safelight_results_total',
    help: 'Processed pictures by where they came from: a cache tier, render, shared.',
    labelNames: ['origin'] as const,
  });
  addGauges(registry, sources);
  const requestsOf = remember((id) => {
    const [operation = '', status = ''] = id.split(' ');
    return requests.labels({ operation, status });
  });
  const durationsOf = remember((operation) => durations.labels({ operation }));
  const resultsOf = remember((origin) => results.labels({ origin }));
  return {
    requestEnded({ operation = UNKNOWN_OPERATION, status, elapsedMs }) {
      requestsOf(`${operation} ${status}`).inc();
      durationsOf(operation).observe(elapsedMs / 1000);
    },
    resultServed: (origin) => resultsOf(origin).inc(),
    print: async () => ({ mediaType: registry.contentType, text: await registry.metrics() }),
  };
}

function addGauges(registry: Registry, { tiers, load }: MetricsSources): void {
  const gauge = (name: string, help: string, collect: (set: Gauge<'tier'>) => void): void => {
    const made: Gauge<'tier'> = new Gauge({
      registers: [registry],
      name,
      help,
      labelNames: name.includes('cache') ? ['tier'] : [],
      collect: () => collect(made),
    });
  };
  const ofTiers = (key: 'bytes' | 'results') => (set: Gauge<'tier'>) => {
    for (const { name, usage } of tiers) {
      if (usage !== undefined) set.labels({ tier: name }).set(usage[key]);
    }
  };
  gauge('safelight_cache_bytes', 'Bytes that a cache tier of this node holds.', ofTiers('bytes'));
  gauge('safelight_cache_results', 'Results that a tier of this node holds.', ofTiers('results'));
  gauge('safelight_renders_waiting', 'Renders that wait.', (set) => set.set(load().waiting));
  gauge('safelight_renders_active', 'Renders at work.', (set) => set.set(load().active));
  gauge('safelight_renders_bytes', 'Memory set aside for the renders at work.', (set) =>
    set.set(load().memoryBytes),
  );
}

/** The library looks labels up by sorting and joining them each time: a microsecond we do not have. */
function remember<T>(make: (id: string) => T): (id: string) => T {
  const made = new Map<string, T>();
  return (id) => {
    const known = made.get(id);
    if (known !== undefined) return known;
    const fresh = make(id);
    made.set(id, fresh);
    return fresh;
  };
}
