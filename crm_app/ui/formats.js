// Money, dates and numbers in the reader's language and time zone; everything comes in as the server stores it.
const DAY = 86400000;
const memo = (make) => {
  const made = new Map();
  return (key) => made.get(key) ?? (made.set(key, make(key)), made.get(key));
};
const startOfDay = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
// "2026-11-22" is a day of the calendar, not midnight in Greenwich.
const asDate = (value) => new Date(/^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T00:00` : value);
const blank = (value) => value === null || value === undefined || value === "";

// English of Britain and of America write dates differently: the browser tells which one is read.
const regional = (lang) => (typeof navigator === "undefined" ? lang : navigator.languages?.find((one) => one.split("-")[0] === lang) ?? lang);

export function formats(language) {
  const lang = regional(language);
  const style = (currency, whole, compact) => ({
    style: "currency", currency, currencyDisplay: "narrowSymbol",
    ...(whole ? { minimumFractionDigits: 0, maximumFractionDigits: compact ? 1 : 0 } : {}),
    ...(compact ? { notation: "compact" } : {}),
  });
  const digits = memo((currency) => new Intl.NumberFormat(lang, style(currency)).resolvedOptions().maximumFractionDigits);
  const moneys = memo((key) => {
    const [currency, whole, compact] = key.split("|");
    return new Intl.NumberFormat(lang, style(currency, whole === "true", compact === "true"));
  });
  const dates = memo((key) => new Intl.DateTimeFormat(lang, JSON.parse(key)));
  const date = (value, options) => dates(JSON.stringify(options)).format(value);
  const plain = new Intl.NumberFormat(lang);
  const relative = new Intl.RelativeTimeFormat(lang, { numeric: "auto", style: "short" });
  const thisYear = (value) => value.getFullYear() === new Date().getFullYear();
  const daysFromToday = (value) => Math.round((startOfDay(value) - startOfDay(new Date())) / DAY);

  const amount = (minor, currency, compact) => {
    if (blank(minor)) return "";
    const unit = 10 ** digits(currency || "RUB");
    return moneys(`${currency || "RUB"}|${compact || minor % unit === 0}|${!!compact}`).format(minor / unit);
  };
  const day = (value) => {
    if (blank(value)) return "";
    const when = asDate(value);
    return date(when, { day: "numeric", month: "short", ...(thisYear(when) ? {} : { year: "numeric" }) });
  };
  const clock = (value) => (blank(value) ? "" : date(asDate(value), { hour: "2-digit", minute: "2-digit" }));
  const nearDay = (value) => {
    if (blank(value)) return "";
    const days = daysFromToday(asDate(value));
    return Math.abs(days) <= 1 ? relative.format(days, "day") : day(value);
  };
  return {
    money: (minor, currency) => amount(minor, currency, false),
    moneyShort: (minor, currency) => amount(minor, currency, true),
    number: (value) => (blank(value) ? "" : plain.format(value)),
    percent: (value) => (blank(value) ? "" : new Intl.NumberFormat(lang, { style: "percent" }).format(value / 100)),
    size: (bytes) => {
      const [unit, name] = bytes >= 2 ** 20 ? [2 ** 20, "megabyte"] : bytes >= 2 ** 10 ? [2 ** 10, "kilobyte"] : [1, "byte"];
      return new Intl.NumberFormat(lang, { style: "unit", unit: name, maximumFractionDigits: 1 }).format((bytes || 0) / unit);
    },
    day,
    longDay: (value) => (blank(value) ? "" : date(asDate(value), { weekday: "long", day: "numeric", month: "long" })),
    clock,
    nearDay,
    moment: (value) => (blank(value) ? "" : `${nearDay(value)}, ${clock(value)}`),
    exact: (value) => (blank(value) ? "" : date(asDate(value), { dateStyle: "long", timeStyle: "short" })),
    ago: (value) => {
      if (blank(value)) return "";
      const minutes = Math.round((asDate(value) - Date.now()) / 60000);
      if (Math.abs(minutes) < 60) return relative.format(minutes, "minute");
      if (Math.abs(minutes) < 1440) return relative.format(Math.round(minutes / 60), "hour");
      return Math.abs(minutes) < 7 * 1440 ? relative.format(Math.round(minutes / 1440), "day") : day(value);
    },
  };
}
