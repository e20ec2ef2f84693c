/** Splits after which the adjusted price still jumps as the raw price does: somebody forgot to adjust. */
export const unadjustedSplits = `
  select symbol, timestamp, split_coefficient, change
  from (
    select *, adjusted_close / lag(adjusted_close) over (partition by symbol order by timestamp) as change
    from rows
  )
  where abs(split_coefficient - 1) > 0.2 and abs(change * split_coefficient - 1) < 0.1`;

/** What is known of each symbol at the close of each day. */
export const closingDays = `
  with daily as (
    select symbol, timestamp as date, adjusted_close as price,
      ln(adjusted_close / lag(adjusted_close) over bars) as return
    from bars
    window bars as (partition by symbol order by timestamp)
  )
  select symbol, date, return as lastReturn,
    sum(return) over (bars rows 4 preceding) as weekReturn,
    sum(return) over (bars rows 19 preceding) as monthReturn,
    stddev_samp(return) over (bars rows 19 preceding) as volatility,
    avg(return) over (partition by date) as marketReturn
  from daily
  where return is not null
  window bars as (partition by symbol order by date)
  qualify count(*) over (bars rows 19 preceding) = 20
  order by date, symbol`;

/** Whether each symbol closed higher than the trading day before. A day without a change is no direction. */
export const directions = `
  select symbol, timestamp as date, adjusted_close > before as up
  from (
    select *, lag(adjusted_close) over (partition by symbol order by timestamp) as before from bars
  )
  where before is not null and adjusted_close <> before and timestamp >= $from
  order by date, symbol`;
