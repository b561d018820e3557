# Looks for the names that src/base/banned.h bans, in code only: comments, strings and includes are left out. The macros
# of banned.h stop a call; this finds the other ways too: an address, parentheses, #undef, a name not worth a macro.
#
# usage: awk -f tools/bans.awk src/main.c src/*/*.[ch]

BEGIN {
    ban("strcpy strcat strncpy strncat stpcpy stpncpy", "use struct buf or copy into an arena")
    ban("sprintf vsprintf", "use struct buf or format into an arena")
    ban("gets", "it knows no limit")
    ban("strtok strtok_r", "it writes into its input")
    ban("atoi atol atoll atof", "it cannot report an error")
    ban("system popen wordexp", "this program starts no other program")
    ban("execl execle execlp execv execve execvp execvpe fork vfork posix_spawn posix_spawnp", \
        "this program starts no other program")
    ban("gmtime localtime localtime_r ctime ctime_r asctime asctime_r mktime", "times are int64_t seconds UTC; use base/time.h")
    ban("IAMLEASE_MAY_READ_ENVIRONMENT IAMLEASE_MAY_READ_CLOCK", "only the Makefile gives these exceptions")

    ban("getenv secure_getenv environ", "only src/main.c reads the environment; take the value as a parameter")
    except["getenv"] = except["secure_getenv"] = except["environ"] = "^src/main\\.c$"

    ban("time clock_gettime gettimeofday timespec_get", "only src/main.c and src/net read the clock; take `now` as a parameter")
    except["time"] = except["clock_gettime"] = except["gettimeofday"] = except["timespec_get"] = "^src/(main\\.c$|net/)"
}

function ban(names, advice,    list, count, i) {
    count = split(names, list, " ")
    for (i = 1; i <= count; i++)
        advice_on[list[i]] = advice
}

# The line without strings, character constants and comments; in_comment carries over to the next line.
function code_of(line,    code, at, two, quote, c) {
    code = ""
    for (at = 1; at <= length(line); at++) {
        two = substr(line, at, 2)
        c = substr(line, at, 1)
        if (in_comment) {
            if (two == "*/") {
                in_comment = 0
                at++
            }
        } else if (two == "/*") {
            in_comment = 1
            code = code " "
            at++
        } else if (two == "//") {
            break
        } else if (c == "\"" || c == "'") {
            quote = c
            for (at++; at <= length(line) && substr(line, at, 1) != quote; at++)
                if (substr(line, at, 1) == "\\")
                    at++
            code = code quote quote
        } else {
            code = code c
        }
    }
    return code
}

FNR == 1 { in_comment = 0 }

{
    code = code_of($0)
    if (FILENAME == "src/base/banned.h" || code ~ /^[ \t]*#[ \t]*include/)
        next
    before = ""
    while (match(code, /[A-Za-z_][A-Za-z0-9_]*/)) {
        word = substr(code, RSTART, RLENGTH)
        before = before substr(code, 1, RSTART - 1)
        code = substr(code, RSTART + RLENGTH)
        # A field is no call: git's signatures have a `when.time`. Nor is a declaration, `int64_t time;`.
        harmless = before ~ /(\.|->)[ \t]*$/ || (word == "time" && before ~ /[A-Za-z0-9_][ \t]+$/ && code ~ /^[ \t]*[;,=]/)
        if ((word in advice_on) && !harmless && !(word in except && FILENAME ~ except[word])) {
            printf "%s:%d: %s is banned: %s\n", FILENAME, FNR, word, advice_on[word]
            found = 1
        }
        before = before word
    }
}

END { exit found }
