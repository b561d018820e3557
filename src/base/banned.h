/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Functions that may not be called here. The Makefile puts this file in front of every source with -include,
 * so nobody includes it by hand and nobody can forget it; `make lint` looks for the same names as plain
 * words, which also finds a function whose address is taken.
 *
 * A ban is a function-like macro, not `#pragma GCC poison`: libraries have struct members called `time`.
 * The system headers that declare the banned functions come first, so that their declarations stay whole.
 *
 * The environment is read by src/main.c only (built with IAMLEASE_MAY_READ_ENVIRONMENT), the clock by
 * src/main.c and src/net only (IAMLEASE_MAY_READ_CLOCK). Everything else is handed what it needs to know.
 */
#ifndef IAMLEASE_BASE_BANNED_H
#define IAMLEASE_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

/* An expression that can never compile; its message tells what to do instead. */
#define BANNED(why)             \
    (sizeof(struct {            \
        _Static_assert(0, why); \
        int never;              \
    }))

#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef sprintf
#undef vsprintf
#undef gets
#define strcpy(...)   BANNED("strcpy is banned: use struct buf or arena_strdup")
#define strcat(...)   BANNED("strcat is banned: use struct buf")
#define strncpy(...)  BANNED("strncpy is banned: it may leave no NUL; use struct buf or arena_strdup")
#define strncat(...)  BANNED("strncat is banned: use struct buf")
#define sprintf(...)  BANNED("sprintf is banned: use struct buf or arena_printf")
#define vsprintf(...) BANNED("vsprintf is banned: use struct buf or arena_printf")
#define gets(...)     BANNED("gets is banned: it knows no limit")

#undef strtok
#undef atoi
#undef atol
#undef atoll
#undef atof
#define strtok(...) BANNED("strtok is banned: it writes into its input and keeps hidden state")
#define atoi(...)   BANNED("atoi is banned: it cannot report an error; use strtoll")
#define atol(...)   BANNED("atol is banned: it cannot report an error; use strtoll")
#define atoll(...)  BANNED("atoll is banned: it cannot report an error; use strtoll")
#define atof(...)   BANNED("atof is banned: it cannot report an error")

#undef system
#undef popen
#define system(...) BANNED("system is banned: this program starts no other program")
#define popen(...)  BANNED("popen is banned: this program starts no other program")

/* Static results and the machine's time zone; times here are int64_t seconds UTC. */
#undef gmtime
#undef localtime
#undef ctime
#undef asctime
#undef mktime
#define gmtime(...)    BANNED("gmtime is banned: use base/time.h")
#define localtime(...) BANNED("localtime is banned: times are UTC; use base/time.h")
#define ctime(...)     BANNED("ctime is banned: use base/time.h")
#define asctime(...)   BANNED("asctime is banned: use base/time.h")
#define mktime(...)    BANNED("mktime is banned: it reads the machine's time zone; use base/time.h")

#ifndef IAMLEASE_MAY_READ_ENVIRONMENT
#undef getenv
#undef secure_getenv
#define getenv(...) \
    BANNED("getenv is banned: src/main.c reads the environment; take the value as a parameter")
#define secure_getenv(...) \
    BANNED("secure_getenv is banned: src/main.c reads the environment; take the value as a parameter")
#endif

#ifndef IAMLEASE_MAY_READ_CLOCK
#undef time
#undef clock_gettime
#undef gettimeofday
#define time(...) BANNED("time is banned: src/main.c and src/net read the clock; take `now` as a parameter")
#define clock_gettime(...) \
    BANNED("clock_gettime is banned: src/main.c and src/net read the clock; take `now` as a parameter")
#define gettimeofday(...) \
    BANNED("gettimeofday is banned: src/main.c and src/net read the clock; take `now` as a parameter")
#endif

#endif
