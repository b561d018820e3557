/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "base/time.h"
#include "unit.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static void test_dates(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t time_s; /* -1: no date */
    } cases[] = {
        {"1970-01-01", 0},
        {"1970-01-02", 86400},
        {"2000-02-29", 951782400},
        {"2024-02-29", 1709164800},
        {"2026-11-30", 1795996800},
        {"2100-02-28", 4107456000},
        {"2400-02-29", 13574563200},
        {"9998-12-31", 253370678400},
        {"", -1},
        {"1969-12-31", -1},
        {"9999-01-01", -1},
        {"0000-00-00", -1},
        {"2026-00-01", -1},
        {"2026-13-01", -1},
        {"2026-01-00", -1},
        {"2026-01-32", -1},
        {"2026-02-29", -1},
        {"2100-02-29", -1},
        {"2024-02-30", -1},
        {"2026-04-31", -1},
        {"2026-06-31", -1},
        {"2026-09-31", -1},
        {"2026-11-31", -1},
        {"2026-1-01", -1},
        {"2026-01-1", -1},
        {"26-01-01", -1},
        {"02026-01-01", -1},
        {"2026/01/01", -1},
        {"2026-01-01 ", -1},
        {" 2026-01-01", -1},
        {"2026-01-01T00:00:00Z", -1},
        {"2026-01-011", -1},
        {"2026-01", -1},
        {"20260101", -1},
        {"+2026-01-01", -1},
        {"2026-+1-01", -1},
        {"2026- 1-01", -1},
        {"2026-0x-01", -1},
        {"today", -1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t time_s = -1;
        CHECK(time_parse_date(cases[i].text, &time_s) == (cases[i].time_s >= 0), "%s", cases[i].text);
        CHECK(time_s == cases[i].time_s, "%s: %lld", cases[i].text, (long long)time_s);
    }
}

static void test_instants(void **state)
{
    (void)state;
    static const struct {
        const char *text, *utc; /* NULL: no instant */
    } cases[] = {
        {"2026-11-30T14:00:00Z", "2026-11-30T14:00:00Z"},
        {"2026-11-30t14:00:00z", "2026-11-30T14:00:00Z"},
        {"2026-11-30T14:00:00+00:00", "2026-11-30T14:00:00Z"},
        {"2026-11-30T14:00:00-00:00", "2026-11-30T14:00:00Z"},
        {"2026-11-30T15:00:00+01:00", "2026-11-30T14:00:00Z"},
        {"2026-11-30T09:00:00-05:00", "2026-11-30T14:00:00Z"},
        {"2026-11-30T19:45:00+05:45", "2026-11-30T14:00:00Z"},
        {"2026-12-01T00:30:00+10:30", "2026-11-30T14:00:00Z"},
        {"2026-03-01T00:00:00+00:01", "2026-02-28T23:59:00Z"},
        {"2024-02-28T23:59:59-00:01", "2024-02-29T00:00:59Z"},
        {"2026-12-31T23:59:59-23:59", "2027-01-01T23:58:59Z"},
        {"2026-01-01T00:00:00+23:59", "2025-12-31T00:01:00Z"},
        {"1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"},
        {"1970-01-01T01:00:00+01:00", "1970-01-01T00:00:00Z"},
        {"9998-12-31T23:59:59Z", "9998-12-31T23:59:59Z"},
        {"9998-12-31T22:59:59-01:00", "9998-12-31T23:59:59Z"},
        /* Written as UTC these could not be read again. */
        {"1970-01-01T00:00:00+00:01", NULL},
        {"9998-12-31T23:59:59-00:01", NULL},
        {"2026-11-30T14:00:00.5Z", "2026-11-30T14:00:00Z"},
        {"2026-11-30T14:00:00.999999999999999999999Z", "2026-11-30T14:00:00Z"},
        {"2026-11-30T14:00:00.0+01:00", "2026-11-30T13:00:00Z"},
        {"", NULL},
        {"2026-11-30", NULL},
        {"2026-11-30T", NULL},
        {"2026-11-30T14:00:00", NULL},
        {"2026-11-30T14:00Z", NULL},
        {"2026-11-30T14Z", NULL},
        {"2026-11-30 14:00:00Z", NULL},
        {"2026-11-30T14:00:00ZZ", NULL},
        {"2026-11-30T14:00:00Z ", NULL},
        {"2026-11-30T24:00:00Z", NULL},
        {"2026-11-30T14:60:00Z", NULL},
        {"2026-11-30T23:59:60Z", NULL}, /* no leap seconds */
        {"2026-11-30T14:00:00.Z", NULL},
        {"2026-11-30T14:00:00,5Z", NULL},
        {"2026-11-30T14:00:00+1:00", NULL},
        {"2026-11-30T14:00:00+0100", NULL},
        {"2026-11-30T14:00:00+01", NULL},
        {"2026-11-30T14:00:00+24:00", NULL},
        {"2026-11-30T14:00:00+01:60", NULL},
        {"2026-11-30T14:00:00+01:00Z", NULL},
        {"2026-11-30T-1:00:00Z", NULL},
        {"2026-11-31T14:00:00Z", NULL},
        {"2026-02-29T14:00:00Z", NULL},
        {"9999-12-31T23:59:59Z", NULL},
        {"1795996800", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t time_s = 77;
        char text[TIME_TEXT_SIZE];
        CHECK(time_parse_rfc3339(cases[i].text, &time_s) == (cases[i].utc != NULL), "%s", cases[i].text);
        if (cases[i].utc)
            CHECK(str_eq(time_format(time_s, text), cases[i].utc), "%s: %s", cases[i].text, text);
        else
            CHECK(time_s == 77, "%s", cases[i].text); /* untouched */
    }
}

static void test_format(void **state)
{
    (void)state;
    static const struct {
        int64_t time_s;
        const char *text;
    } cases[] = {
        {0, "1970-01-01T00:00:00Z"},
        {-1, "1969-12-31T23:59:59Z"},
        {86399, "1970-01-01T23:59:59Z"},
        {1796047200, "2026-11-30T14:00:00Z"},
        {951782399, "2000-02-28T23:59:59Z"},
        {951782400, "2000-02-29T00:00:00Z"},
        {253402300799, "9999-12-31T23:59:59Z"},
        {253402300800, "9999-12-31T23:59:59Z"}, /* later ones are clamped */
        {INT64_MAX, "9999-12-31T23:59:59Z"},
        {-62135596800, "0001-01-01T00:00:00Z"},
        {-62135596801, "0001-01-01T00:00:00Z"},
        {INT64_MIN, "0001-01-01T00:00:00Z"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[TIME_TEXT_SIZE];
        const char *result = time_format(cases[i].time_s, text);
        CHECK(result == text && str_eq(text, cases[i].text), "%lld: %s", (long long)cases[i].time_s, text);
    }
}

/*
 * Days counted one by one with a calendar of months: all of more than 400 years, which is when the calendar
 * repeats, and the first and last of every month of all the years that can be written.
 */
static void test_a_calendar(void **state)
{
    (void)state;
    static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t day = 0;
    for (int year = 1970; year <= 9998; year++)
        for (int month = 1; month <= 12; month++) {
            bool leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
            int last = month_days[month - 1] + (month == 2 && leap);
            for (int i = 1; i <= last; i++, day++) {
                if (year > 2400 && i != 1 && i != last)
                    continue;
                char expected[80], text[TIME_TEXT_SIZE];
                int64_t time_s = -1;
                snprintf(expected, sizeof expected, "%04d-%02d-%02dT00:00:00Z", year, month, i);
                time_format(day * DAY_S, text);
                if (strcmp(text, expected) != 0)
                    fail_msg("%s instead of %s", text, expected);
                text[10] = 0;
                if (!time_parse_date(text, &time_s) || time_s != day * DAY_S)
                    fail_msg("%s is %lld", text, (long long)time_s);
            }
        }
    assert_int_equal(day * DAY_S, 253370764800);
}

static void test_days(void **state)
{
    (void)state;
    static const struct {
        int64_t time_s, start_s, end_s;
    } cases[] = {
        {0, 0, DAY_S},
        {1, 0, DAY_S},
        {DAY_S - 1, 0, DAY_S},
        {DAY_S, DAY_S, 2 * DAY_S},
        {-1, -DAY_S, 0},
        {-DAY_S, -DAY_S, 0},
        {-DAY_S - 1, -2 * DAY_S, -DAY_S},
        {1796047200, 1795996800, 1796083200},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        CHECK(time_start_of_day(cases[i].time_s) == cases[i].start_s, "%lld", (long long)cases[i].time_s);
        CHECK(time_end_of_date(cases[i].time_s) == cases[i].end_s, "%lld", (long long)cases[i].time_s);
    }
}

static void test_durations(void **state)
{
    (void)state;
    static const struct {
        int64_t duration_s;
        const char *text;
    } cases[] = {
        {0, "0 seconds"},
        {1, "1 second"},
        {45, "45 seconds"},
        {60, "1 minute"},
        {61, "1 minute 1 second"},
        {3599, "59 minutes 59 seconds"},
        {3600, "1 hour"},
        {3601, "1 hour"}, /* the two largest units only */
        {4800, "1 hour 20 minutes"},
        {2 * 3600 + 60, "2 hours 1 minute"},
        {DAY_S - 1, "23 hours 59 minutes"},
        {DAY_S, "1 day"},
        {DAY_S + 59 * 60, "1 day"},
        {5 * DAY_S + 3 * 3600, "5 days 3 hours"},
        {6 * DAY_S + 3600, "6 days 1 hour"},
        {-4800, "1 hour 20 minutes"},
        {-1, "1 second"},
        {INT64_MAX, "106751991167300 days 15 hours"},
        {INT64_MIN, "106751991167300 days 15 hours"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[DURATION_TEXT_SIZE];
        const char *result = time_format_duration(cases[i].duration_s, text);
        CHECK(result == text && str_eq(text, cases[i].text), "%lld: %s", (long long)cases[i].duration_s, text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dates),      cmocka_unit_test(test_instants), cmocka_unit_test(test_format),
        cmocka_unit_test(test_a_calendar), cmocka_unit_test(test_days),     cmocka_unit_test(test_durations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
