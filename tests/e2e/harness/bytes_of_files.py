"""Files of golden cases that cannot be stored as text: not UTF-8, with characters that editors lose, or too large."""

MIB = 1024 * 1024
ACTION = "          - ec2:Describe%04d\n"


def not_text():
    return bytes(range(256)) * 4


def utf16():
    return "aws-policies:\n  dev.read-only: {}\n".encode("utf-16")


def latin1():
    return "permanent-access:\n- description: Zugriff für den Betrieb\n".encode("latin-1")


def nul():
    return b"aws-policies:\n  dev.read\0only:\n    description: cut short by a program in C\n"


def carriage_return():
    return b"permanent-access:\n- description: Look at buckets\r  users: [root@example.com]\n"


def right_to_left():
    return 'temporary-access:\n- description: "Approved by \u202emoc.elpmaxe@toor\u202c"\n'.encode()


def byte_order_mark():
    return "\ufeffaws-acounts:\n  nonprod: '123456789012'\n".encode()


def over_1_mib():
    return b"# " + b"-" * MIB + b"\naws-policies:\n"


def one_long_line():
    return b"aws-policies: {" + b"a" * (MIB // 2) + b": {descriptoin: x}}\n"


def deep_list():
    return b"aws-policies: " + b"[" * 100_000


def deep_mapping():
    return b"".join(b" " * level + b"a:\n" for level in range(500))


def too_many_values():
    return b"aws-policies: [" + b"a," * 200_000 + b"]\n"


def large_policy():
    actions = "".join(ACTION % number for number in range(400))
    statement = f"      - effect: Allow\n        actions:\n{actions}        resources: ['*']\n"
    return f"aws-policies:\n  dev.everything-by-name:\n    custom_statements:\n{statement}".encode()


def a_million_grants():
    """1,100 principals in 1,000 environments: one grant each is more than a million."""
    users = "".join(f"    - user{number}@example.com\n" for number in range(1_100))
    environments = ", ".join(f"env{number}" for number in range(1_000))
    return f"permanent-access:\n- users:\n{users}  environments: [{environments}]\n  grants: [dev.read-only]\n".encode()


def a_thousand_environments():
    accounts = "".join(f"  env{number}: '{100_000_000_000 + number}'\n" for number in range(1_000))
    return f"aws-accounts:\n{accounts}".encode()


def two_thousand_rows_and_an_administrator():
    """One row that matters among so many that do not, under a name that sorts behind all of them."""
    users = "".join(f"  - aaaa{number:04}@example.com\n" for number in range(2_000))
    padding = "- description: Everybody looks at buckets\n  users:\n%s  environments: [prod]\n  grants: [dev.look]\n"
    hidden = "- description: Housekeeping\n  users: [zz@example.com]\n  environments: [prod]\n  grants: [dev.z]\n"
    return f"permanent-access:\n{padding % users}{hidden}".encode()


def hundreds_of_administrators():
    users = "".join(f"  - admin{number:03}@example.com\n" for number in range(400))
    entry = "- description: Everybody helps\n  users:\n%s  environments: [prod]\n  grants: [dev.admin]\n"
    return f"permanent-access:\n{entry % users}".encode()


def look_alikes():
    """Descriptions with letters that are not what they seem."""
    texts = [
        "Access for \u0430dmin",  # Cyrillic
        "p\u0430yments b\u03bft",  # Cyrillic, Greek
        "\uff41dmin \U0001d41admin",  # fullwidth, mathematical
        "\u0434\u043e\u0441\u0442\u0443\u043f \u043a IAM-\u0440\u043e\u043b\u0438",  # an ordinary text in Russian
    ]
    entry = '- description: "%s"\n  users: [ada@example.com]\n  environments: [prod]\n  grants: [dev.p%d]\n'
    entries = "".join(entry % (text, number) for number, text in enumerate(texts))
    return f"permanent-access:\n{entries}".encode()
