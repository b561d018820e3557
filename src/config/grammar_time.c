/* SPDX-License-Identifier: Apache-2.0 */
/* Dates and instants. */
#include "base/time.h"
#include "config/grammar.h"
#include "config/ids.h"

#define DATE_PATTERN "[0-9]{4}-[0-9]{2}-[0-9]{2}"
#define TIME_PATTERN "[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"

static bool is_date(const char *text)
{
    int64_t ignored_s;
    return time_parse_date(text, &ignored_s);
}

static bool is_end(const char *text)
{
    int64_t ignored_s;
    return time_parse_rfc3339(text, &ignored_s);
}

bool grammar_read_start(const char *text, int64_t *ret_s)
{
    return time_parse_date(text, ret_s) || time_parse_rfc3339(text, ret_s);
}

static bool is_start(const char *text)
{
    int64_t ignored_s;
    return grammar_read_start(text, &ignored_s);
}

const struct grammar grammar_date = {
    .id = ID_INVALID_DATE,
    .what = "a date",
    .hint = "write year-month-day, as in '2026-11-30'; the lease ends with that day, UTC",
    .matches = is_date,
    .pattern = "^" DATE_PATTERN "$",
};
const struct grammar grammar_end = {
    .id = ID_INVALID_DATE,
    .what = "an instant",
    .hint = "write date, time and offset, as in '2026-11-30T14:00:00Z' or '2026-11-30T15:00:00+01:00'",
    .matches = is_end,
    .pattern = "^" DATE_PATTERN TIME_PATTERN "$",
};
const struct grammar grammar_start = {
    .id = ID_INVALID_DATE,
    .what = "an instant or a date",
    .hint = "as in '2026-11-30T14:00:00Z', or '2026-11-30' for the first second of that day, UTC",
    .matches = is_start,
    .pattern = "^" DATE_PATTERN "(" TIME_PATTERN ")?$",
};
