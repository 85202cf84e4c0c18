import { describe, expect, it } from 'vitest';
import { certain, readByRules } from '../../../src/concierge/conversation/rules.ts';
import { fresh, type Labelled, sentences } from './sentences.ts';

function judged(labelled: readonly Labelled[]) {
  const readings = labelled.map(([text, intent, parameters = {}]) => {
    const reading = readByRules(text);
    const sure = reading.confidence >= certain;
    return { text, intent, parameters, reading, right: reading.intent === intent, sure };
  });
  const told = (list: typeof readings) => list.map(({ text, reading }) => [text, reading.intent]);
  return {
    readings,
    rightShare: readings.filter(({ right }) => right).length / readings.length,
    wrong: told(readings.filter(({ right }) => !right)),
    wrongAndSure: told(readings.filter(({ right, sure }) => !right && sure)),
    sureShare: readings.filter(({ sure }) => sure).length / readings.length,
  };
}

describe('the rules', () => {
  it('find the intent of at least 95 in 100 sentences they were made for', () => {
    const { rightShare, wrong } = judged(sentences);
    expect(sentences.length).toBeGreaterThanOrEqual(60);
    expect(rightShare, JSON.stringify(wrong)).toBeGreaterThanOrEqual(0.95);
  });
  it('find the intent of at least 80 in 100 sentences that nobody made them for', () => {
    const { rightShare, wrong } = judged(fresh);
    expect(rightShare, JSON.stringify(wrong)).toBeGreaterThanOrEqual(0.8);
  });
  it('are sure of most, and never of a wrong one', () => {
    const { sureShare, wrongAndSure } = judged(sentences);
    expect(sureShare).toBeGreaterThanOrEqual(0.85);
    expect(wrongAndSure).toEqual([]);
    expect(judged(fresh).wrongAndSure).toEqual([]);
  });
  it('read what a sentence says besides, and nothing that it does not say', () => {
    for (const { text, parameters, reading, right } of judged(sentences).readings) {
      if (right) expect([text, reading.parameters]).toEqual([text, parameters]);
    }
  });
});
