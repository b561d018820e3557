# Turns files into the C table of src/flow/starter_texts.h: their paths and their texts.
#
# usage: awk -f tools/embed.awk FILE… >starter_texts.c

BEGIN {
    print "/* Made from examples/ by tools/embed.awk. */"
    print "#include \"flow/starter_texts.h\"\n"
    print "const struct starter_text starter_texts[] = {"
}

FNR == 1 {
    if (count++)
        print "    },"
    print "    {" quoted(FILENAME) ","
}

{ print "     " quoted($0 "\n") }

END {
    if (count)
        print "    },"
    print "};"
    print "const size_t starter_text_count = " count + 0 ";"
}

function quoted(text,    result, at, c) {
    result = ""
    for (at = 1; at <= length(text); at++) {
        c = substr(text, at, 1)
        result = result (c == "\n" ? "\\n" : c == "\"" || c == "\\" ? "\\" c : c)
    }
    return "\"" result "\""
}
