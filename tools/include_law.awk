# Who may include whom in src/. Reads C sources and headers, prints each violation as file:line, exits 1 if there is one.
#
# usage: awk -f tools/include_law.awk src/main.c src/*/*.[ch]

BEGIN {
    # A folder may always include itself. main.c counts as the folder "main".
    allow("base", "")
    allow("model", "base")
    allow("policy", "base model")
    allow("repo", "base")
    allow("net", "base")
    allow("config", "base model policy")
    allow("plan", "base model policy")
    allow("render", "base model")
    allow("aws", "base model policy net")
    allow("github", "base net")
    allow("port", "base model policy net")
    allow("apply", "base model net aws")
    allow("flow", "base model policy repo net config plan render aws github port apply")
    allow("cmd", "base model policy repo net config plan render aws github port apply flow")
    allow("main", "base model policy repo net config plan render aws github port apply flow cmd")

    # A library's headers are included in the folder that owns it and nowhere else.
    owner["git2.h"] = owner["git2"] = "repo"
    owner["yaml.h"] = "config"
    owner["curl"] = "net"
    owner["openssl"] = owner["cjson"] = "base"
    owner["expat.h"] = owner["expat_external.h"] = "aws"
}

function allow(folder, others,    list, count, i) {
    known[folder] = 1
    may_list[folder] = others
    count = split(others, list, " ")
    for (i = 1; i <= count; i++)
        may[folder, list[i]] = 1
}

function violation(text) {
    printf "%s:%d: %s\n", FILENAME, FNR, text
    found = 1
}

FNR == 1 {
    parts = split(FILENAME, path, "/")
    folder = parts == 2 ? "main" : path[2]
    if (parts > 3 || (parts == 2 && path[2] != "main.c"))
        violation("sources are src/main.c and src/<folder>/<file>; move this file")
    else if (!(folder in known))
        violation("the folder src/" folder " has no place in the include law; give it one in tools/include_law.awk")
}

/^[ \t]*#[ \t]*(include|include_next|import|embed)([^a-z_]|$)/ {
    header = $0
    sub(/^[ \t]*#[ \t]*[a-z_]+[ \t]*/, "", header)
    mark = substr(header, 1, 1)
    header = substr(header, 2)
    sub(/[">].*/, "", header)
    depth = split(header, step, "/")

    if (mark != "\"" && mark != "<") {
        violation("an include names its file, it takes no macro")
    } else if (step[1] in owner) {
        if (owner[step[1]] != folder)
            violation("<" header "> belongs to src/" owner[step[1]] "; ask that folder for what you need")
    } else if (mark == "\"") {
        if (depth != 2 || header ~ /\.\./)
            violation("write \"folder/file.h\" instead of \"" header "\"")
        else if (header == "base/banned.h")
            violation("base/banned.h is put in front of every source by the Makefile; remove this line")
        else if (step[1] != folder && !((folder, step[1]) in may))
            violation(folder " may not include " step[1] " (allowed: " \
                      (may_list[folder] == "" ? "itself only" : may_list[folder]) ")")
    } else if (step[1] in known) {
        violation("write \"" header "\", a project header, in quotes")
    }
}

END { exit found }
