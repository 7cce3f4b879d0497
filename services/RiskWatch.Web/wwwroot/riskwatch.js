// The console's own script: starts the circuit, keys, cookies, and charts without eval.
(() => {
  "use strict";

  // The library evaluates chart options as code; ours are plain JSON, and a content security policy forbids eval.
  const charts = window.vizorECharts;
  const init = async (id, theme, initOptions, chartOptions) => {
    // Width and height are the element's: given as options they would have to be numbers.
    const { width, height, ...rest } = JSON.parse(initOptions);
    const chart = echarts.init(document.getElementById(id), theme, rest);
    chart.__resizeHandler = () => chart.resize();
    window.addEventListener("resize", chart.__resizeHandler);
    charts.charts.set(id, chart);
    if (chartOptions !== null) {
      chart.setOption(JSON.parse(chartOptions));
    }
  };
  const update = async (id, chartOptions) => {
    charts.charts.get(id)?.setOption(JSON.parse(chartOptions), { notMerge: true });
  };
  Object.assign(charts, { initChart: init, updateChart: update });

  window.riskwatch = {
    remember(name, value) {
      document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=31536000; samesite=lax`;
      if (name === "rw-theme") {
        document.documentElement.dataset.theme = value;
      }
    },
    scrollToTop() {
      window.scrollTo({ top: 0 });
    },
  };

  const typing = (target) => target.closest?.("input, textarea, select, [contenteditable], [role=listbox], [role=combobox]");
  const onRow = () => document.activeElement?.closest?.("[data-row]");
  const step = (by) => {
    const rows = [...document.querySelectorAll("[data-row]")];
    if (rows.length === 0) {
      return;
    }
    const at = rows.indexOf(onRow());
    const row = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by))];
    (row.querySelector("a[href], button") ?? row).focus();
    row.scrollIntoView({ block: "nearest" });
  };
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    g: () => document.querySelector("[data-key-feed]")?.click(),
    "?": () => document.querySelector("[data-key-help]")?.click(),
    Escape: () => document.querySelector("[data-help]") && document.querySelector("[data-key-help]").click(),
    "/": () => {
      const box = document.querySelector("[data-search] input, input[data-search]");
      if (box) {
        box.focus();
        box.select();
      } else {
        document.querySelector("[data-key-search]")?.click();
      }
    },
  };
  const arrows = { ArrowDown: keys.j, ArrowUp: keys.k };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (typing(event.target)) {
      if (event.key === "Escape") {
        event.target.blur();
      }
      return;
    }
    // Arrows scroll, until somebody is among the rows.
    const act = onRow() ? (keys[event.key] ?? arrows[event.key]) : keys[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });

  // A console stays open for a whole shift: it reconnects for as long as it takes, and starts over when its circuit is gone.
  document.addEventListener("components-reconnect-state-changed", (event) => {
    if (event.detail?.state === "rejected") {
      location.reload();
    }
  });
  Blazor.start({
    circuit: {
      reconnectionOptions: { maxRetries: 100000, retryIntervalMilliseconds: (attempt) => Math.min(10000, 500 * (attempt + 1)) },
    },
  });
})();
