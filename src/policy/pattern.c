/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/pattern.h"

#include <string.h>

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* Goes back to the last '*' only, so it is never exponential. */
bool pattern_matches(const char *pattern, const char *text)
{
    const char *star = NULL, *resume = NULL;
    while (*text) {
        if (*pattern == '*') {
            star = pattern++;
            resume = text;
        } else if (*pattern == '?' || (*pattern && lower(*pattern) == lower(*text))) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star + 1;
            text = ++resume;
        } else {
            return false;
        }
    }
    return pattern[strspn(pattern, "*")] == 0;
}

/* Goes back to the last '*' only, so it is never exponential. A '*' of `inner` is matched by a '*' alone. */
bool pattern_covers(const char *outer, const char *inner)
{
    const char *star = NULL, *resume = NULL;
    while (*inner) {
        if (*outer == '*') {
            star = outer++;
            resume = inner;
        } else if (*inner != '*' && *outer && (*outer == '?' || lower(*outer) == lower(*inner))) {
            outer++;
            inner++;
        } else if (star) {
            outer = star + 1;
            inner = ++resume;
        } else {
            return false;
        }
    }
    return outer[strspn(outer, "*")] == 0;
}

/* The pattern in small letters, with one '*' for each policy variable; its length, or -1 when it is too long. */
static int simplify(const char *pattern, char ret[static PATTERN_MAX + 1])
{
    int length = 0;
    while (*pattern) {
        const char *end = pattern[0] == '$' && pattern[1] == '{' ? strchr(pattern, '}') : NULL;
        if (length == PATTERN_MAX)
            return -1;
        ret[length++] = end ? '*' : lower(*pattern);
        pattern = end ? end + 1 : pattern + 1;
    }
    ret[length] = 0;
    return length;
}

/*
 * meets[j] says whether what stands before i in the one pattern and before j in the other can be one text.
 * A star takes nothing, or what the other pattern has there.
 */
bool patterns_meet(const char *a, const char *b)
{
    char left[PATTERN_MAX + 1], right[PATTERN_MAX + 1];
    int left_length = simplify(a, left), right_length = simplify(b, right);
    bool meets[PATTERN_MAX + 1] = {true};
    if (left_length < 0 || right_length < 0)
        return true;
    for (int j = 0; j < right_length; j++)
        meets[j + 1] = meets[j] && right[j] == '*';
    for (int i = 0; i < left_length; i++) {
        bool diagonal = meets[0]; /* before i and before j */
        meets[0] = meets[0] && left[i] == '*';
        for (int j = 0; j < right_length; j++) {
            bool above = meets[j + 1]; /* before i, behind j */
            bool one = left[i] == '?' || right[j] == '?' || left[i] == right[j];
            bool star = left[i] == '*' || right[j] == '*';
            meets[j + 1] = star ? above || meets[j] : diagonal && one;
            diagonal = above;
        }
    }
    return meets[right_length];
}
