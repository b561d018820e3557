/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text as a date and as an instant, held against the C library's calendar: what is read is written back
 * as the same instant and stands within the years that both sides know. And any number as an instant and as
 * a duration.
 */
#include "base/str.h"
#include "base/time.h"
#include "require.h"

static const int64_t first_s = 0, end_s = 253370764800; /* 1970 to the end of 9998 */

static void check_format(int64_t time_s)
{
    char text[TIME_TEXT_SIZE];
    int64_t again_s;
    time_format(time_s, text);
    REQUIRE(strlen(text) == TIME_TEXT_SIZE - 1 && text[10] == 'T' && text[19] == 'Z');
    if (time_s < first_s || time_s >= end_s)
        return;
    REQUIRE(time_parse_rfc3339(text, &again_s) && again_s == time_s);
    text[10] = 0;
    REQUIRE(time_parse_date(text, &again_s) && again_s == time_start_of_day(time_s));
    REQUIRE(again_s <= time_s && time_s < time_end_of_date(again_s));
    REQUIRE(time_end_of_date(time_s) == again_s + DAY_S);
}

/* The same text by the C library; its fields, not its judgement of what a date is. */
static int64_t by_the_library(const char *text)
{
    struct tm tm = {0};
    int year, month, zone_hour = 0, zone_minute = 0;
    char sign = '+';
    REQUIRE(sscanf(text, "%4d-%2d-%2d", &year, &month, &tm.tm_mday) == 3);
    if (text[10])
        REQUIRE(sscanf(text + 11, "%2d:%2d:%2d", &tm.tm_hour, &tm.tm_min, &tm.tm_sec) == 3);
    if (text[10] && !strpbrk(text, "Zz"))
        REQUIRE(sscanf(text + strlen(text) - 6, "%c%2d:%2d", &sign, &zone_hour, &zone_minute) == 3);
    tm.tm_year = year - 1900;
    tm.tm_mon = month - 1;
    int64_t zone_s = zone_hour * 3600 + zone_minute * 60, time_s = timegm(&tm);
    REQUIRE(tm.tm_year == year - 1900 && tm.tm_mon == month - 1); /* no day that the month does not have */
    return time_s - (sign == '-' ? -zone_s : zone_s);
}

static void check_text(const char *text)
{
    int64_t time_s = -1;
    bool is_date = time_parse_date(text, &time_s);
    if (is_date) {
        char again[TIME_TEXT_SIZE];
        REQUIRE(strlen(text) == 10 && time_s % DAY_S == 0);
        REQUIRE(str_prefix(time_format(time_s, again), text) && str_suffix(again, "T00:00:00Z"));
    } else {
        REQUIRE(time_s == -1);
    }
    bool is_instant = time_parse_rfc3339(text, &time_s);
    REQUIRE(!(is_date && is_instant));
    if (!is_date && !is_instant) {
        REQUIRE(time_s == -1);
        return;
    }
    REQUIRE(time_s >= first_s && time_s < end_s);
    REQUIRE(time_s == by_the_library(text));
    check_format(time_s);
}

/* What a text such as "5 days 3 hours" says, in seconds. */
static uint64_t read_duration(const char *text)
{
    uint64_t sum = 0;
    for (char unit[8], *at; *text; text += strcspn(text, " "), text += *text == ' ') {
        uint64_t number = strtoull(text, &at, 10);
        REQUIRE(at > text && *at == ' ');
        text = at + 1;
        REQUIRE(sscanf(text, "%7[a-z]", unit) == 1);
        REQUIRE((number == 1) != str_suffix(unit, "s"));
        sum += number * (*unit == 'd' ? DAY_S : *unit == 'h' ? 3600 : *unit == 'm' ? 60 : 1);
    }
    return sum;
}

/* Two units are told, so less than one of the second is lost. */
static void check_duration(int64_t duration_s)
{
    char text[DURATION_TEXT_SIZE];
    uint64_t size = duration_s < 0 ? 0 - (uint64_t)duration_s : (uint64_t)duration_s;
    uint64_t read = read_duration(time_format_duration(duration_s, text));
    REQUIRE(read <= size);
    REQUIRE(size - read < (size >= DAY_S ? 3600 : size >= 3600 ? 60 : 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    int64_t number = 0;
    memcpy(&number, data, size < sizeof number ? size : sizeof number);
    check_text(fuzz_text(arena, data, size));
    check_format(number);
    check_format(number % end_s); /* most of them within the years that are read */
    check_duration(number);
    return 0;
}
