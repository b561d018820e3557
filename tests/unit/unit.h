/* SPDX-License-Identifier: Apache-2.0 */
/* What every unit test includes first: cmocka with the system headers that it needs in front of it. */
#ifndef IAMLEASE_UNIT_H
#define IAMLEASE_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* In a loop over a table: says which case it was, then fails. */
#define CHECK(condition, ...)                \
    do {                                     \
        if (!(condition)) {                  \
            print_error("    " __VA_ARGS__); \
            fail_msg(": %s", #condition);    \
        }                                    \
    } while (0)

#endif
