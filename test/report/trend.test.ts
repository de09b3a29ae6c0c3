import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { renderTrend, type TrendPoint } from '../../src/report/comment/trend.ts';
import { assertGolden } from '../support/golden.ts';

const point = (label: string, wk: number | null, safety: number | null = null): TrendPoint => ({
  label,
  scores: { wk, if: null, safety },
});

describe('the trend', () => {
  test('is a small chart a factor, the candidate last', () => {
    const history = [
      point('a1b2c3d', 0.61, 0.7),
      point('0123456', 0.612, 0.701),
      point('f00dbee', null, 0.69),
    ];
    assertGolden('trend.md', renderTrend(history, point('PR', 0.58, 0.7)) ?? '');
  });

  const none = [
    { title: 'without history', history: [], candidate: point('PR', 0.5) },
    {
      title: 'where no factor was measured on both',
      history: [point('a', null, 0.5)],
      candidate: point('PR', 0.5),
    },
    {
      title: 'of a candidate without scores',
      history: [point('a', 0.5), point('b', 0.5)],
      candidate: point('PR', null),
    },
  ];
  for (const { title, history, candidate } of none) {
    test(`${title} is left out`, () => assert.equal(renderTrend(history, candidate), null));
  }

  test('of a long history shows the last 12 points', () => {
    const history = Array.from({ length: 200 }, (_, i) => point(`c${i}`, 0.5));
    const chart = renderTrend(history, point('PR', 0.5)) ?? '';
    assert.match(chart, /last 11 records/);
    assert.match(chart, /x-axis \["c189", .*"c199", "PR"\]/);
  });

  test('has an axis of at least 6 points, so that noise does not look like a cliff', () => {
    assert.match(
      renderTrend([point('a', 0.5)], point('PR', 0.5001)) ?? '',
      /y-axis 46 --> 54|y-axis 47 --> 54/,
    );
  });

  test('is drawn small, and in a colour that is seen on light and dark pages', () => {
    const chart = renderTrend([point('a', 0.5)], point('PR', 0.6)) ?? '';
    const [, style] = /^%%\{init: (.*)\}%%$/m.exec(chart)!;
    const { themeVariables, xyChart } = JSON.parse(style!);
    assert.ok(xyChart.height <= 200 && xyChart.width <= 830, 'three of them fit a screen');
    // WCAG asks for a contrast of 3 of what is drawn; GitHub's two grounds.
    for (const ground of ['#ffffff', '#0d1117'])
      assert.ok(contrast(themeVariables.xyChart.plotColorPalette, ground) >= 3, ground);
  });

  test('a hostile label cannot leave the chart', () => {
    const chart = renderTrend([point('"]\n```\n@team <b>', 0.5)], point('PR', 0.5)) ?? '';
    assert.match(chart, /x-axis \["teamb", "PR"\]/);
  });
});

/** WCAG 2.2: (lighter + 0.05) / (darker + 0.05) of relative luminances. */
function contrast(a: string, b: string): number {
  const [darker, lighter] = [a, b].map(luminance).sort((x, y) => x - y);
  return (lighter! + 0.05) / (darker! + 0.05);
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
