import { Counter, type Registry } from 'prom-client';
import { addGauge } from './gauges.ts';

/** A rating, as the API takes it. */
export type Rating = 'great' | 'needs_follow_up';
/** Who found out what a customer wants. */
export type DetectedVia = 'model' | 'rules';
/** Whether an intent came out of it. */
export type Detection = 'detected' | 'none';

/** What customers did so far. A share of nothing is null. */
export interface CustomerSummary {
  readonly widget: {
    readonly shown: number;
    readonly opened: number;
    readonly openRate: number | null;
  };
  readonly intents: {
    readonly detected: number;
    readonly none: number;
    readonly successRate: number | null;
  };
  readonly csat: {
    readonly great: number;
    readonly needsFollowUp: number;
    readonly negativeShare: number | null;
    /** 5 for `great`, 2 for `needs_follow_up`. */
    readonly meanScore: number | null;
  };
}

const scores = { great: 5, needs_follow_up: 2 } as const;
const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** Counts what customers do with the widget: kept beside the registry, which cannot be read at once. */
export class CustomerCounters {
  readonly #csat: Counter<'rating'>;
  readonly #detections: Counter<'via' | 'outcome'>;
  readonly #shownTotal: Counter;
  readonly #openedTotal: Counter;
  readonly #ratings = { great: 0, needs_follow_up: 0 };
  readonly #intents = { detected: 0, none: 0 };
  #shown = 0;
  #opened = 0;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#csat = new Counter({
      name: 'concierge_csat_total',
      help: 'Ratings, each session once.',
      labelNames: ['rating'],
      registers,
    });
    this.#shownTotal = new Counter({
      name: 'concierge_widget_shown_total',
      help: 'Pages that were given the widget.',
      registers,
    });
    this.#openedTotal = new Counter({
      name: 'concierge_widget_opens_total',
      help: 'Times that a customer opened it.',
      registers,
    });
    this.#detections = new Counter({
      name: 'concierge_intent_detections_total',
      help: 'Sentences of customers in which an intent was looked for.',
      labelNames: ['via', 'outcome'],
      registers,
    });
    this.#startAtZero();
    const open = () => this.summary.widget.openRate ?? Number.NaN;
    const success = () => this.summary.intents.successRate ?? Number.NaN;
    addGauge(registry, 'concierge_widget_open_rate', 'Opens by pages shown; NaN of none.', open);
    addGauge(
      registry,
      'concierge_intent_success_rate',
      'Share found, 0 to 1; NaN of none.',
      success,
    );
  }

  rated(rating: Rating): void {
    this.#ratings[rating] += 1;
    this.#csat.inc({ rating });
  }

  shown(): void {
    this.#shown += 1;
    this.#shownTotal.inc();
  }

  opened(): void {
    this.#opened += 1;
    this.#openedTotal.inc();
  }

  detected(via: DetectedVia, outcome: Detection): void {
    this.#intents[outcome] += 1;
    this.#detections.inc({ via, outcome });
  }

  get summary(): CustomerSummary {
    const { great, needs_follow_up: needsFollowUp } = this.#ratings;
    const { detected, none } = this.#intents;
    const points = great * scores.great + needsFollowUp * scores.needs_follow_up;
    return {
      widget: {
        shown: this.#shown,
        opened: this.#opened,
        openRate: share(this.#opened, this.#shown),
      },
      intents: { detected, none, successRate: share(detected, detected + none) },
      csat: {
        great,
        needsFollowUp,
        negativeShare: share(needsFollowUp, great + needsFollowUp),
        meanScore: share(points, great + needsFollowUp),
      },
    };
  }

  /** A counter that appears with its first event loses that event for whoever takes differences. */
  #startAtZero(): void {
    for (const rating of ['great', 'needs_follow_up'] as const) this.#csat.inc({ rating }, 0);
    for (const via of ['model', 'rules'] as const) {
      for (const outcome of ['detected', 'none'] as const)
        this.#detections.inc({ via, outcome }, 0);
    }
  }
}
