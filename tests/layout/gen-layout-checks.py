#!/usr/bin/env python3
"""Turn a layout table (abi.json or wire.json) into compile-time checks.

    gen-layout-checks.py abi.json --header misc/d3dkmthk.h > check.c
    gcc -c -Iinclude/uapi check.c -o /dev/null

A table member marked "flexible" is a one-element stand-in; the header has a
true flexible array member there.  Such a struct has its own size rule: the
array and every member before it are checked for their offset, the array for
the size of one element, and sizeof() for not exceeding the table's size, which
counts that one element.

The output includes the given header(s) and holds one static assertion per
struct size, per member offset and size (bit-fields have no offset and are
left out), per enumerator, per constant and per ioctl value.  A header whose
layout drifts from the table no longer compiles.

--require-constants a constant that the header does not define is an error
--kernel            for a kernel build: include only kernel headers
--bitfield-main     append a main() that sets every bit-field in turn and
                    looks at the bytes, and compares the constants that are
                    text (run it; exit status 1 on a mismatch)
--names FILE        JSON object, struct name in the table -> name in the header
--only REGEX        only structs and enums whose name matches
--skip REGEX        leave out structs and enums whose name matches
--no-enums --no-constants --no-ioctls --no-member-sizes
                    leave out that kind of check

Python standard library only.
"""

import argparse
import json
import re
import sys

IDENT = re.compile(r'[A-Za-z_][A-Za-z0-9_]*\Z')
PATH = re.compile(r'[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*\Z')

MACROS = '''\
#define CHK_SIZE(t, n) \\
	_Static_assert(sizeof(t) == (n), "size of " #t " is not " #n)
#define CHK_OFF(t, m, n) \\
	_Static_assert(offsetof(t, m) == (n), "offset of " #t " " #m " is not " #n)
#define CHK_FLEX(t, m, off, elem, n) \\
	_Static_assert(offsetof(t, m) == (off) && \\
		       sizeof(((t *)0)->m[0]) == (elem) && sizeof(t) <= (n), \\
		       "flexible array " #t " " #m " is not at " #off)
#define CHK_MSIZE(t, m, n) \\
	_Static_assert(sizeof(((t *)0)->m) == (n), "size of " #t " " #m " is not " #n)
#define CHK_VAL(c, n) \\
	_Static_assert((long long)(c) == (n), "value of " #c " is not " #n)
#define CHK_IOCTL(c, n) \\
	_Static_assert((unsigned long)(c) == (n), "ioctl " #c " is not " #n)
'''

BF_HELPER = '''\
static __attribute__((unused)) int
bf_check(const unsigned char *p, size_t len, unsigned long first,
	 unsigned long width, const char *what)
{
	unsigned long bit;

	for (bit = 0; bit < len * 8; bit++) {
		int is = (p[bit / 8] >> (bit % 8)) & 1;
		int want = bit >= first && bit < first + width;

		if (is != want) {
			fprintf(stderr, "%s: bit %lu is %d\\n", what, bit, is);
			return 1;
		}
	}
	return 0;
}

#define BF(t, m, first, width) do { \\
	union { t s; unsigned char b[sizeof(t)]; } u; \\
	memset(&u, 0, sizeof(u)); \\
	u.s.m = -1; \\
	bad += bf_check(u.b, sizeof(t), (first), (width), #t " " #m); \\
	n++; \\
} while (0)

#define TEXT(c, s) do { \\
	if (strcmp(c, s)) { \\
		fprintf(stderr, "%s is not %s\\n", #c, s); \\
		bad++; \\
	} \\
	n++; \\
} while (0)

#define BYTES(c, ...) do { \\
	const unsigned char is[] = c; \\
	const unsigned char want[] = { __VA_ARGS__ }; \\
	if (sizeof(is) != sizeof(want) || memcmp(is, want, sizeof(want))) { \\
		fprintf(stderr, "%s has wrong bytes\\n", #c); \\
		bad++; \\
	} \\
	n++; \\
} while (0)

'''


def die(msg):
    sys.exit('gen-layout-checks: ' + msg)


def check(pattern, text):
    if not pattern.match(text):
        die('not a C name: %r' % text)
    return text


def parse_args():
    p = argparse.ArgumentParser(
        description='Emit static layout assertions from a JSON layout table.')
    p.add_argument('table')
    p.add_argument('--header', action='append', default=[], metavar='H',
                   help='header to test; <H> unless written with quotes or ./')
    p.add_argument('--kernel', action='store_true')
    p.add_argument('--bitfield-main', action='store_true')
    p.add_argument('--names', metavar='FILE')
    p.add_argument('--only', metavar='REGEX')
    p.add_argument('--skip', metavar='REGEX')
    p.add_argument('--require-constants', action='store_true')
    p.add_argument('--no-enums', action='store_true')
    p.add_argument('--no-constants', action='store_true')
    p.add_argument('--no-ioctls', action='store_true')
    p.add_argument('--no-member-sizes', action='store_true')
    a = p.parse_args()
    if not a.header:
        p.error('at least one --header is needed')
    if a.kernel and a.bitfield_main:
        p.error('--bitfield-main makes a user-space program')
    return a


def include_line(h):
    if h[0] in '"<':
        return '#include ' + h
    if h.startswith('.') or h.startswith('/'):
        return '#include "%s"' % h
    return '#include <%s>' % h


def wanted(a, name):
    if a.only and not re.search(a.only, name):
        return False
    return not (a.skip and re.search(a.skip, name))


def integer(v):
    # 0x80000000 and up must not turn into an unsigned comparison by accident
    return '%dLL' % v


def text_check(name, value):
    """A constant that is text, or the bytes of a GUID in memory order."""
    if not name.endswith('_BYTES'):
        return '	TEXT(%s, "%s");' % (name, value)
    return '	BYTES(%s, %s);' % (
        name, ', '.join('0x%02x' % b for b in bytes.fromhex(value)))


def load(path):
    try:
        with open(path) as f:
            return json.load(f)
    except (OSError, ValueError) as e:
        die('%s: %s' % (path, e))


def main():
    a = parse_args()
    tab = load(a.table)
    names = load(a.names) if a.names else {}
    for old in names:
        if old not in tab.get('structs', {}):
            die('%s: no struct %r in %s' % (a.names, old, a.table))

    out = ['/* Made by gen-layout-checks.py. Do not edit. */']
    if a.kernel:
        out += ['#include <linux/types.h>', '#include <linux/stddef.h>',
                '#include <linux/ioctl.h>']
    else:
        out += ['#include <stddef.h>', '#include <linux/types.h>',
                '#include <linux/ioctl.h>']
        if a.bitfield_main:
            out += ['#include <stdio.h>', '#include <string.h>']
    out += [include_line(h) for h in a.header]
    out += ['', MACROS]

    bits = []
    text = []
    for name, s in tab.get('structs', {}).items():
        if not wanted(a, name):
            continue
        t = '%s %s' % (s.get('kind', 'struct'), check(IDENT, names.get(name, name)))
        if t.split()[0] not in ('struct', 'union'):
            die('%s: unknown kind' % name)
        if not any(m.get('flexible') for m in s['members']):
            out.append('CHK_SIZE(%s, %d);' % (t, s['size']))
        for m in s['members']:
            mn = check(PATH, m['name'])
            if 'bits' in m:
                first = m['offset'] * 8 + m['bit_offset']
                bits.append('	BF(%s, %s, %d, %d);' % (t, mn, first, m['bits']))
                continue
            if m.get('flexible'):
                out.append('CHK_FLEX(%s, %s, %d, %d, %d);' %
                           (t, mn, m['offset'], m['size'], s['size']))
                continue
            out.append('CHK_OFF(%s, %s, %d);' % (t, mn, m['offset']))
            if not a.no_member_sizes:
                out.append('CHK_MSIZE(%s, %s, %d);' % (t, mn, m['size']))
        out.append('')

    if not a.no_enums:
        for name, vals in tab.get('enums', {}).items():
            if not wanted(a, name):
                continue
            info = tab.get('enum_info', {}).get(name)
            if info:
                out.append('CHK_SIZE(enum %s, %d);' % (check(IDENT, name), info['size']))
            for c, v in vals.items():
                out.append('CHK_VAL(%s, %s);' % (check(IDENT, c), integer(v)))
        out.append('')

    if not a.no_constants and not a.only:
        for c, v in tab.get('constants', {}).items():
            # a macro that the header under test leaves out is an error on
            # request only
            if isinstance(v, str):
                text.append(text_check(check(IDENT, c), v))
            elif a.require_constants:
                out.append('CHK_VAL(%s, %s);' % (check(IDENT, c), integer(v)))
            else:
                out += ['#ifdef ' + check(IDENT, c),
                        'CHK_VAL(%s, %s);' % (c, integer(v)), '#endif']
        for c, v in tab.get('ntstatus', {}).items():
            # signed 32-bit on the wire
            v = int(v, 16)
            v -= (v >> 31) << 32
            out.append('CHK_VAL(%s, %s);' % (check(IDENT, c), integer(v)))
        out.append('')

    if not a.no_ioctls and not a.only:
        for i in tab.get('ioctls', []):
            out.append('CHK_IOCTL(%s, %dUL);' % (check(IDENT, i['name']), int(i['value'], 16)))
        out.append('')

    if a.bitfield_main:
        out.append(BF_HELPER)
        out += ['int main(void)', '{', '	int bad = 0, n = 0;', ''] + bits + text
        out += ['	printf("%d bit-fields and texts, %d wrong\\n", n, bad);',
                '	return bad ? 1 : 0;', '}']

    print('\n'.join(out))


if __name__ == '__main__':
    main()
