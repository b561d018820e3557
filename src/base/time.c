/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time.h"

#include <stdio.h>
#include <string.h>

/* Days from 1970-01-01 to a date of the proleptic Gregorian calendar; years start in March, so that February is last. */
static int64_t days_from_civil(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static void civil_from_days(int64_t days, int64_t *year, int *month, int *day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted_month = (5 * day_of_year + 2) / 153;
    *day = (int)(day_of_year - (153 * shifted_month + 2) / 5 + 1);
    *month = (int)(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
    *year = year_of_era + era * 400 + (*month <= 2);
}

/* What is read; both sides of these years can be written. */
enum { YEAR_FIRST = 1970, YEAR_LAST = 9998 };

/* Reads exactly `digits` digits at *text and moves on; false when there are none. */
static bool read_number(const char **text, int digits, int *ret)
{
    int value = 0;
    for (int i = 0; i < digits; i++) {
        char c = (*text)[i];
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    *text += digits;
    *ret = value;
    return true;
}

static bool read_char(const char **text, char expected)
{
    if (**text != expected)
        return false;
    (*text)++;
    return true;
}

static bool read_date(const char **text, int64_t *ret_s)
{
    static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year, month, day;
    if (!read_number(text, 4, &year) || !read_char(text, '-') || !read_number(text, 2, &month) ||
        !read_char(text, '-') || !read_number(text, 2, &day))
        return false;
    if (year < YEAR_FIRST || year > YEAR_LAST || month < 1 || month > 12 || day < 1)
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (day > month_days[month - 1] + (leap && month == 2))
        return false;
    *ret_s = days_from_civil(year, month, day) * DAY_S;
    return true;
}

bool time_parse_date(const char *text, int64_t *ret_s)
{
    int64_t date_s;
    if (!read_date(&text, &date_s) || *text)
        return false;
    *ret_s = date_s;
    return true;
}

/* "Z" or "+hh:mm"; gives what must be added to reach UTC. */
static bool read_offset(const char **text, int64_t *ret_s)
{
    *ret_s = 0;
    if (read_char(text, 'Z') || read_char(text, 'z'))
        return true;
    int sign = read_char(text, '+') ? -1 : read_char(text, '-') ? 1 : 0;
    int hours, minutes;
    if (!sign || !read_number(text, 2, &hours) || !read_char(text, ':') || !read_number(text, 2, &minutes) ||
        hours > 23 || minutes > 59)
        return false;
    *ret_s = sign * (hours * 3600 + minutes * 60);
    return true;
}

bool time_parse_rfc3339(const char *text, int64_t *ret_s)
{
    int64_t date_s, offset_s;
    int hour, minute, second;
    if (!read_date(&text, &date_s) || !(read_char(&text, 'T') || read_char(&text, 't')))
        return false;
    if (!read_number(&text, 2, &hour) || !read_char(&text, ':') || !read_number(&text, 2, &minute) ||
        !read_char(&text, ':') || !read_number(&text, 2, &second) || hour > 23 || minute > 59 || second > 59)
        return false;
    if (read_char(&text, '.')) {
        size_t digits = strspn(text, "0123456789");
        if (digits == 0)
            return false;
        text += digits;
    }
    if (!read_offset(&text, &offset_s) || *text)
        return false;
    int64_t time_s = date_s + hour * 3600 + minute * 60 + second + offset_s;
    if (time_s < 0 || time_s >= days_from_civil(YEAR_LAST + 1, 1, 1) * DAY_S)
        return false; /* the offset led out of the years that are read */
    *ret_s = time_s;
    return true;
}

/*
 * So many digits of `value` and a sign behind them; returns where both end. A plan writes hundreds of
 * thousands of times, for which printf takes far longer.
 */
static char *put_digits(char *at, size_t count, unsigned value, char sign)
{
    for (size_t i = count; i > 0; value /= 10)
        at[--i] = (char)('0' + value % 10);
    at[count] = sign;
    return at + count + 1;
}

const char *time_format(int64_t time_s, char text[static TIME_TEXT_SIZE])
{
    const int64_t first = -62135596800, last = 253402300799; /* the years 1 to 9999 */
    time_s = time_s < first ? first : time_s > last ? last : time_s;
    int64_t day_start = time_start_of_day(time_s), year;
    int month, day, seconds = (int)(time_s - day_start);
    civil_from_days(day_start / DAY_S, &year, &month, &day);
    char *end = put_digits(text, 4, (unsigned)year, '-');
    end = put_digits(end, 2, (unsigned)month, '-');
    end = put_digits(end, 2, (unsigned)day, 'T');
    end = put_digits(end, 2, (unsigned)seconds / 3600, ':');
    end = put_digits(end, 2, (unsigned)seconds / 60 % 60, ':');
    end = put_digits(end, 2, (unsigned)seconds % 60, 'Z');
    *end = 0;
    return text;
}

int64_t time_start_of_day(int64_t time_s)
{
    int64_t rest = time_s % DAY_S;
    return time_s - (rest < 0 ? rest + DAY_S : rest);
}

int64_t time_end_of_date(int64_t date_s)
{
    return time_start_of_day(date_s) + DAY_S;
}

const char *time_format_duration(int64_t duration_s, char text[static DURATION_TEXT_SIZE])
{
    static const struct {
        int64_t seconds;
        const char *name;
    } units[] = {{DAY_S, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}};
    const size_t unit_count = sizeof units / sizeof units[0];
    uint64_t rest = duration_s < 0 ? 0 - (uint64_t)duration_s : (uint64_t)duration_s;
    size_t i = 0;
    while (i + 1 < unit_count && rest < (uint64_t)units[i].seconds)
        i++;
    uint64_t size = (uint64_t)units[i].seconds, large = rest / size, small = 0;
    if (i + 1 < unit_count)
        small = rest % size / (uint64_t)units[i + 1].seconds;
    int length = snprintf(text, DURATION_TEXT_SIZE, "%llu %s%s", (unsigned long long)large, units[i].name,
                          large == 1 ? "" : "s");
    if (small && length > 0 && length < DURATION_TEXT_SIZE)
        snprintf(text + length, DURATION_TEXT_SIZE - (size_t)length, " %llu %s%s", (unsigned long long)small,
                 units[i + 1].name, small == 1 ? "" : "s");
    return text;
}
