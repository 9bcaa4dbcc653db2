import { describe, expect, it } from 'vitest';
import { createLoadForecast } from './load-forecast.ts';

describe('createLoadForecast', () => {
  it('foretells nothing before each thread has rendered once, which takes its start', () => {
    const forecast = createLoadForecast(2);
    for (let i = 0; i < 2; i++) forecast.begin(100).end(5000);
    expect(forecast.waitMs(10)).toBe(0);
    forecast.begin(100).end(50);
    expect(forecast.waitMs(10)).toBe(250);
  });

  it('goes by pixels for what is planned, by the average for the rest', () => {
    const forecast = createLoadForecast(1);
    forecast.begin(1).end(1);
    forecast.begin(100).end(50);
    const planned = forecast.begin(1000);
    expect(forecast.waitMs(0)).toBe(500);
    const unplanned = forecast.begin(undefined);
    expect([forecast.waitMs(0), forecast.waitMs(2)]).toEqual([550, 650]);
    planned.end(undefined);
    planned.end(undefined);
    expect(forecast.waitMs(0)).toBe(50);
    unplanned.end(50);
    expect(forecast.waitMs(0)).toBe(0);
  });

  it('learns slowly, and nothing from renders that did not come to their end', () => {
    const forecast = createLoadForecast(1);
    forecast.begin(undefined).end(1);
    forecast.begin(undefined).end(100);
    forecast.begin(undefined).end(200);
    forecast.begin(undefined).end(undefined);
    expect(forecast.waitMs(1)).toBeCloseTo(110);
  });
});
