#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Make the message tables of the mock host from the layout tables.

    gen-trace-tables.py wire.json abi.json > message_tables.c

Every command with a known layout becomes one entry of message_table[] (see
message_table.h): number, name, the fixed fields of request and reply with
their offsets, where the variable part starts, where the reply keeps its
NTSTATUS.  The trace, the reply faults and the control socket work from these
entries, so a field is named and placed by the layout tables alone.

Python standard library only.
"""

import json
import re
import sys

# Unions told apart by a member beside them: member -> {alternative: enumerator}.
VARIANTS = {
    'd3dddi_synchronizationobjectinfo2': ('type', {
        'synchronization_mutex': '_D3DDDI_SYNCHRONIZATION_MUTEX',
        'semaphore': '_D3DDDI_SEMAPHORE',
        'fence': '_D3DDDI_FENCE',
        'cpu_notification': '_D3DDDI_CPU_NOTIFICATION',
        'monitored_fence': '_D3DDDI_MONITORED_FENCE',
        'periodic_monitored_fence': '_D3DDDI_PERIODIC_MONITORED_FENCE',
    }),
    'd3dkmt_getdevicestate': ('state_type', {
        'execution_state': '_D3DKMT_DEVICESTATE_EXECUTION',
        'present_state': '_D3DKMT_DEVICESTATE_PRESENT',
        'reset_state': '_D3DKMT_DEVICESTATE_RESET',
        'page_fault_state': '_D3DKMT_DEVICESTATE_PAGE_FAULT',
    }),
    'dxgkvmb_command_setguestdata': ('data_type', {
        'data32': 'SETGUESTDATA_DATATYPE_DWORD',
        'data64': 'SETGUESTDATA_DATATYPE_UINT64',
    }),
}

DIRECTIONS = {'vm_to_host': 'DXGKVMB_VM_TO_HOST',
              'vgpu_to_host': 'DXGKVMB_VGPU_TO_HOST',
              'host_to_vm': 'DXGKVMB_HOST_TO_VM'}
SIGNED = {'int', '__s32', '__s64', 's32', 's64'}
LARGEST_BYTES = 64


class Tables:
    """The layout tables plus the enums and layouts that were asked for."""

    def __init__(self, paths):
        self.structs, self.enums, self.messages = {}, {}, []
        self.ntstatus, self.used_enums, self.layouts = {}, {}, {}
        for path in reversed(paths):
            with open(path, encoding='ascii') as f:
                table = json.load(f)
            self.structs.update(table['structs'])
            self.enums.update(table['enums'])
            self.messages = table.get('messages', self.messages)
            self.ntstatus.update(table.get('ntstatus', {}))
        self.values = {k: v for e in self.enums.values() for k, v in e.items()}

    def struct(self, ctype):
        words = ctype.split()
        if len(words) == 2 and words[0] in ('struct', 'union'):
            return words[1]
        return None


def leaf(name, m, base, kind, select, **more):
    field = {'name': name, 'offset': base + m['offset'], 'size': m['size'],
             'kind': kind, 'bit': m.get('bit_offset', 0),
             'bits': m.get('bits', 0), 'select': select, 'names': 'NULL'}
    field.update(more)
    return field


def scalar(t, name, m, base, select):
    ctype = m['type']
    if ctype.startswith('enum '):
        enum = ctype.split()[1]
        t.used_enums[enum] = t.enums[enum]
        return leaf(name, m, base, 'FIELD_ENUM', select,
                    names='&names_' + enum)
    if (ctype.endswith('*') or m.get('user_ptr') or
            re.search(r'(address|_pointer)$', name)):
        return leaf(name, m, base, 'FIELD_HEX', select)
    if ctype in SIGNED and not m.get('bits'):
        return leaf(name, m, base, 'FIELD_INT', select)
    return leaf(name, m, base, 'FIELD_UINT', select)


def is_flags(t, tag):
    """A struct that is one word of bit-fields, with or without a whole view."""
    s = t.structs[tag]
    return s['size'] in (4, 8) and any(m.get('bits') for m in s['members']) and \
        all(m['offset'] == 0 and m['size'] == s['size'] for m in s['members'])


def join(prefix, name):
    return prefix + '.' + name if prefix else name


def flatten(t, tag, prefix, base, select):
    """List the fixed fields of struct tag, which lies at base."""
    fields = []
    own = {m['name'] for m in t.structs[tag]['members']}
    chooser, variants = VARIANTS.get(tag, (None, {}))
    chooser = next((m for m in t.structs[tag]['members']
                    if m['name'] == chooser), None)
    for m in t.structs[tag]['members']:
        name, count = m['name'], m.get('count', 1)
        head = name.split('.')[0]
        if 'reserved' in name or name in ('hdr', 'alignment') or \
                m.get('flexible') or m['type'] == 'struct {}':
            continue
        chosen = select
        if head in variants:
            chosen = (base + chooser['offset'], chooser.get('bit_offset', 0),
                      chooser.get('bits', 0), t.values[variants[head]])
        path = prefix if name == 'args' else join(prefix, name)
        child = t.struct(m['type'])
        if count > 1:
            fields += array(path, m, base, chosen, child)
        elif child == 'd3dkmthandle':
            fields.append(leaf(path, m, base, 'FIELD_HANDLE', chosen))
        elif child == 'ntstatus':
            fields.append(leaf(path, m, base, 'FIELD_STATUS', chosen))
        elif child == 'winluid':
            fields.append(leaf(path, m, base, 'FIELD_LUID', chosen))
        elif child and is_flags(t, child):
            fields.append(leaf(path, m, base, 'FIELD_HEX', chosen))
            fields += bits(t, child, path, base + m['offset'], chosen)
        elif child:
            inner = flatten(t, child, path, base + m['offset'], chosen)
            for f in inner:
                if name == 'args' and f['name'].split('.')[0] in own:
                    f['name'] = join('args', f['name'])
            fields += inner
        else:
            fields.append(scalar(t, path, m, base, chosen))
    return fields


def bits(t, tag, prefix, base, select):
    return [leaf(join(prefix, m['name']), m, base, 'FIELD_BITS', select)
            for m in t.structs[tag]['members']
            if m.get('bits') and 'reserved' not in m['name']]


def array(path, m, base, select, child):
    if m['type'] in ('u16', '__u16'):
        return [leaf(path, m, base, 'FIELD_TEXT16', select)]
    if m['size'] <= LARGEST_BYTES or child:
        return [leaf(path, m, base, 'FIELD_BYTES', select)]
    return []


def tail_offset(t, tag, message, key):
    """Where the variable part starts, 0 for none."""
    if tag not in t.structs:
        return 0
    last = t.structs[tag]['members'][-1]
    if last.get('flexible'):
        return last['offset']
    text = message.get(key)
    named = re.search(r'from offset (\d+)', text or '')
    if named:
        return int(named.group(1))
    return t.structs[tag]['size'] if text else 0


def forwarded(t, tag):
    """Where the caller's own argument struct is, which travels as it is."""
    for m in t.structs[tag]['members']:
        if m['name'] == 'args' and (t.struct(m['type']) or '').startswith('d3d'):
            return m['offset'], m['size']
    return 0, 0


def emit_layout(t, tag, tail):
    """Print a layout once; return the C expression that names it."""
    if tag not in t.structs:
        return 'NULL'
    if tag in t.layouts:
        return '&layout_' + tag
    t.layouts[tag] = True
    fields = flatten(t, tag, '', 0, None)
    seen = set()
    lines = []
    for f in fields:
        key = (f['name'], f['select'])
        if key in seen:
            sys.exit(f'{tag}: field {f["name"]} twice')
        seen.add(key)
        off, bit, nbits, value = f['select'] or (-1, 0, 0, 0)
        lines.append(f'\t{{ "{f["name"]}", {f["kind"]}, {f["offset"]}, '
                     f'{f["size"]}, {f["bit"]}, {f["bits"]}, {f["names"]}, '
                     f'{{ {off}, {bit}, {nbits}, {value} }} }},')
    t.body.append(f'static const struct message_field fields_{tag}[] = {{')
    t.body += lines or ['\t{ 0 },']
    t.body.append('};\n')
    args, args_size = forwarded(t, tag)
    t.body.append(f'static const struct message_layout layout_{tag} = {{\n'
                  f'\tfields_{tag}, {len(lines)}, '
                  f'{t.structs[tag]["size"]}, {tail}, {args}, {args_size},\n}};\n')
    return '&layout_' + tag


def status_offset(t, message, tag):
    if message.get('response') == 'ntstatus':
        return 0
    for m in t.structs.get(tag, {}).get('members', []):
        if m['type'] == 'struct ntstatus':
            return m['offset']
    return -1


def emit_message(t, m):
    request = m.get('request') if m['layout_known'] else None
    response = m.get('response')
    reply_tag = request if response == 'same' else response
    form = {'ntstatus': 'REPLY_STATUS', 'd3dkmthandle': 'REPLY_HANDLE',
            'none': 'REPLY_NONE', 'raw': 'REPLY_RAW',
            'same': 'REPLY_STRUCT', None: 'REPLY_NONE'}.get(
                response, 'REPLY_STRUCT')
    req = emit_layout(t, request, tail_offset(t, request, m, 'request_tail'))
    rep = 'NULL'
    if form == 'REPLY_STRUCT':
        rep = emit_layout(t, reply_tag,
                          tail_offset(t, reply_tag, m, 'response_tail'))
    name = re.sub(r'^DXGK_VMBCOMMAND_', '', m['name'].upper())
    return (f'\t{{ {m["nr"]}, {DIRECTIONS[m["direction"]]}, "{name}", {req}, '
            f'{rep}, {form}, {status_offset(t, m, reply_tag)} }},')


def emit_enum(name, values):
    print(f'static const struct message_name values_{name}[] = {{')
    seen = set()
    for key, value in values.items():
        if value in seen:
            continue
        seen.add(value)
        print(f'\t{{ {value}u, "{key.lstrip("_")}" }},')
    print(f'}};\n\nstatic const struct message_names names_{name} = {{\n'
          f'\tvalues_{name}, {len(seen)},\n}};\n')


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    t = Tables(sys.argv[1:])
    t.body = []
    entries = [emit_message(t, m) for m in t.messages]
    print('// SPDX-License-Identifier: GPL-2.0\n'
          '/* Made by gen-trace-tables.py; do not edit. */\n'
          '#include "message_table.h"\n')
    for name in sorted(t.used_enums):
        emit_enum(name, t.used_enums[name])
    print('\n'.join(t.body))
    print('const struct message message_table[] = {')
    print('\n'.join(entries))
    print(f'}};\n\nconst size_t message_table_size = {len(entries)};\n')
    print('const struct message_name message_status_names[] = {')
    for key, value in t.ntstatus.items():
        print(f'\t{{ {value}u, "{key}" }},')
    print(f'}};\n\nconst size_t message_status_name_count = '
          f'{len(t.ntstatus)};')


if __name__ == '__main__':
    main()
