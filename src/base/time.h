/* SPDX-License-Identifier: Apache-2.0 */
/* Instants are int64_t seconds since 1970-01-01T00:00:00Z, without leap seconds. The clock itself is read in
 * main.c only. */
#ifndef IAMLEASE_BASE_TIME_H
#define IAMLEASE_BASE_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DAY_S = 24 * 60 * 60 };

/* Room for "9999-12-31T23:59:59Z" and a terminator. */
enum { TIME_TEXT_SIZE = 21 };

/*
 * "2026-11-30" → its first second, UTC. Years 1970 to 9998, calendar checked. False when it is anything else.
 */
bool time_parse_date(const char *text, int64_t *ret_s);

/*
 * RFC 3339 with any offset, such as "2026-11-30T15:00:00+01:00"; fractions of a second are dropped; no leap
 * second 60. Years 1970 to 9998 as it is written and in UTC, so that time_format() writes what is read again.
 */
bool time_parse_rfc3339(const char *text, int64_t *ret_s);

/* Writes "2026-11-30T14:00:00Z" to `text` and returns it. Instants outside the years 1 to 9999 are clamped. */
const char *time_format(int64_t time_s, char text[static TIME_TEXT_SIZE]);

/*
 * The instant at which a bare date ends: the first second of the day after `date_s`.
 * "2026-11-30" ends at 2026-12-01T00:00:00Z.
 */
int64_t time_end_of_date(int64_t date_s);

/* The first second of the UTC day in which `time_s` lies. */
int64_t time_start_of_day(int64_t time_s);

enum { DURATION_TEXT_SIZE = 48 };

/* For people: "5 days 3 hours", "1 hour 20 minutes", "45 seconds": the two largest units. Negative: as its
 * absolute value. */
const char *time_format_duration(int64_t duration_s, char text[static DURATION_TEXT_SIZE]);

#endif
