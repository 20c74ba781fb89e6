#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""gpu-pv-doctor against made-up guests: one healthy one, and for each finding a
change of it that has to bring exactly this finding.  Prints TAP."""
import json
import lzma
import os
import shutil
import struct
import subprocess
import sys
import tempfile
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.join(HERE, "..", "..", "tools", "gpu-pv-doctor")
sys.dont_write_bytecode = True
loader = SourceFileLoader("doctor", PROGRAM)
doctor = module_from_spec(spec_from_loader("doctor", loader))
loader.exec_module(doctor)

RELEASE = "6.12.1-test-amd64"
MODULES = "/lib/modules/" + RELEASE
MODULE = MODULES + "/updates/dkms/dxgkrnl.ko"
FUNCTION = "4f4e:00:00.0"
PCI = "/sys/bus/pci/devices/" + FUNCTION
VMBUS = "/sys/bus/vmbus/devices/"
USER = (1000, {1000})
STORE = "nv_dispi.inf_amd64_0123456789abcdef"
ELF = b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HH", 3, 62)


class Tree:
    """A guest in a directory."""

    def __init__(self, root):
        self.root = root

    def path(self, path):
        path = self.root + path
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    def write(self, path, data):
        with open(self.path(path), "wb") as file:
            file.write(data if isinstance(data, bytes) else data.encode())

    def link(self, path, target):
        os.symlink(target, self.path(path))

    def remove(self, path):
        path = self.root + path
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.remove(path)

    def channel(self, name, class_id, driver):
        self.write(VMBUS + name + "/class_id", class_id + "\n")
        if driver:
            self.link(VMBUS + name + "/driver", "../../drivers/" + driver)

    def unload(self):
        self.remove("/sys/module/dxgkrnl")
        self.remove("/dev/dxg")
        self.remove(PCI + "/driver")
        for name in ("vgpu", "global"):
            self.remove(VMBUS + name + "/driver")

    def adapters(self, answer, status=0):
        """dxgctl list --json is a program that prints an answer."""
        self.write("/dxgctl", "#!/bin/sh\ncat <<'END'\n%s\nEND\nexit %d\n" %
                   (json.dumps(answer), status))
        os.chmod(self.root + "/dxgctl", 0o755)


def module_image(srcversion):
    return b"\x7fELF\0srcversion=" + srcversion.encode() + b"\0license=GPL\0"


def node(tree, mode):
    """The misc device null stands for /dev/dxg where nodes can be made."""
    os.mknod(tree.path("/dev/dxg"), 0o020000 | mode, os.makedev(1, 3))
    os.chmod(tree.root + "/dev/dxg", mode)


def healthy(tree):
    tree.write("/proc/cpuinfo", "flags\t\t: fpu hypervisor sse\n")
    tree.write("/sys/class/dmi/id/sys_vendor", "Microsoft Corporation\n")
    tree.write("/sys/firmware/efi/fw_platform_size", "64\n")
    tree.write(PCI + "/vendor", "0x1414\n")
    tree.write(PCI + "/device", "0x008e\n")
    tree.write(PCI + "/config", bytes(208) + struct.pack("<I", 46) + bytes(44))
    tree.link(PCI + "/driver", "../../drivers/dxgkrnl")
    tree.channel("pci", doctor.PCI_PASSTHROUGH, "hv_pci")
    tree.channel("vgpu", doctor.VGPU, "dxgkrnl")
    tree.channel("global", doctor.GLOBAL, "dxgkrnl")
    tree.channel("dm", doctor.DYNAMIC_MEMORY, "hv_balloon")
    tree.write(MODULES + "/modules.builtin", "kernel/fs/ext4/ext4.ko\n")
    tree.write(MODULES + "/kernel/drivers/hv/hv_vmbus.ko.xz", lzma.compress(b"x"))
    tree.write(MODULE, module_image("AAAA"))
    tree.write("/boot/config-" + RELEASE, "CONFIG_HYPERV=m\nCONFIG_PCI=y\n")
    tree.write("/sys/module/dxgkrnl/srcversion", "AAAA\n")
    tree.write("/sys/module/dxgkrnl/version", "0.1.0\n")
    tree.write("/sys/class/misc/dxg/dev", "1:3\n")
    node(tree, 0o666)
    tree.write("/dev/kmsg", "6,1,2,-;hv_vmbus: Vmbus version:5.3\n")
    tree.adapters({"adapters": [{"description": "GPU", "driver_store":
                                 "C:\\Windows\\FileRepository\\" + STORE}]})
    for name in ("libdxcore.so", "libd3d12.so", "libd3d12core.so", "libcuda.so.1"):
        tree.write(doctor.LIBRARIES + "/" + name, ELF)
    tree.write(doctor.DRIVERS + "/" + STORE + "/nvcubins.bin", "x")
    tree.write("/etc/ld.so.cache",
               b"glibc\0libdxcore.so\0/usr/lib/wsl/lib/libdxcore.so\0")


def not_loaded(tree):
    tree.unload()
    tree.remove(MODULE)


# Each changes the healthy guest; the name says which finding that must bring.
CASES = []


def case(name, also=(), user=USER):
    """also: findings that the same change brings by necessity."""
    def add(change):
        CASES.append((name, set(also), user, change))
        return change
    return add


def no_vmbus(tree):
    tree.remove("/sys/bus/vmbus")
    tree.remove("/sys/bus/pci")


@case("not-a-vm")
def _(tree):
    no_vmbus(tree)
    tree.write("/proc/cpuinfo", "flags\t\t: fpu sse\n")


@case("other-hypervisor")
def _(tree):
    no_vmbus(tree)
    tree.write("/sys/class/dmi/id/sys_vendor", "QEMU\n")


@case("generation-1")
def _(tree):
    tree.remove("/sys/firmware/efi")


@case("kernel-without-vmbus")
def _(tree):
    no_vmbus(tree)
    tree.remove(MODULES + "/kernel/drivers/hv")


@case("vmbus-not-loaded")
def _(tree):
    no_vmbus(tree)


@case("pci-hyperv-not-loaded")
def _(tree):
    tree.remove("/sys/bus/pci")
    tree.remove(VMBUS + "pci/driver")


@case("no-vgpu")
def _(tree):
    tree.remove("/sys/bus/pci")
    for name in ("pci", "vgpu", "global"):
        tree.remove(VMBUS + name)


@case("vgpu-channel-missing")
def _(tree):
    tree.remove(VMBUS + "vgpu")


@case("vgpu-function-missing")
def _(tree):
    tree.remove("/sys/bus/pci")


@case("global-channel-missing")
def _(tree):
    tree.remove(VMBUS + "global")


@case("mmio-space")
def _(tree):
    tree.remove(VMBUS + "global/driver")


@case("vgpu-unbound")
def _(tree):
    tree.remove(PCI + "/driver")


@case("vgpu-taken")
def _(tree):
    tree.remove(PCI + "/driver")
    tree.link(PCI + "/driver", "../../drivers/vfio-pci")


@case("module-missing")
def _(tree):
    not_loaded(tree)


@case("headers-missing")
def _(tree):
    not_loaded(tree)
    tree.write("/var/lib/dkms/dxgkrnl/0.1.0/source/dkms.conf", "")


@case("build-failed")
def _(tree):
    not_loaded(tree)
    tree.write(MODULES + "/build/Makefile", "")
    tree.write("/var/lib/dkms/dxgkrnl/0.1.0/build/make.log",
               "DKMS make.log for dxgkrnl-0.1.0 for kernel %s (x86_64)\n" % RELEASE)


@case("kernel-refused")
def _(tree):
    not_loaded(tree)
    tree.write("/boot/config-" + RELEASE, "CONFIG_PCI=y\n")


@case("module-builtin")
def _(tree):
    tree.write(MODULES + "/modules.builtin",
               "kernel/drivers/hv/dxgkrnl/dxgkrnl.ko\n")


@case("module-not-loaded")
def _(tree):
    tree.unload()


@case("module-blacklisted", also=["module-not-loaded"])
def _(tree):
    tree.unload()
    tree.write("/etc/modprobe.d/local.conf", "# mine\nblacklist dxgkrnl\n")


@case("module-unsigned")
def _(tree):
    tree.unload()
    tree.write("/sys/module/module/parameters/sig_enforce", "Y\n")


@case("module-unsigned")
def lockdown_and_compression(tree):
    tree.unload()
    tree.remove(MODULE)
    tree.write(MODULE + ".xz", lzma.compress(module_image("AAAA")))
    tree.write("/sys/kernel/security/lockdown", "none [integrity] confidentiality\n")


@case("module-not-loaded")
def signed_module_is_not_unsigned(tree):
    tree.unload()
    tree.write("/sys/module/module/parameters/sig_enforce", "Y\n")
    tree.write(MODULE, module_image("AAAA") + doctor.SIGNATURE)


@case("module-duplicate")
def _(tree):
    tree.write(MODULES + "/extra/dxgkrnl.ko", module_image("BBBB"))


@case("module-stale")
def _(tree):
    tree.write(MODULE, module_image("BBBB"))


@case("node-missing")
def _(tree):
    tree.remove("/dev/dxg")


@case("node-wrong")
def _(tree):
    tree.write("/sys/class/misc/dxg/dev", "10:122\n")


@case("node-permission")
def _(tree):
    os.chmod(tree.root + "/dev/dxg", 0o660)


@case("node-permission", user=(1000, {0}))
def member_of_a_group_without_write(tree):
    os.chmod(tree.root + "/dev/dxg", 0o640)


@case(None, user=(1000, {0}))
def member_of_the_group_may(tree):
    os.chmod(tree.root + "/dev/dxg", 0o660)


@case("adapter-not-started")
def _(tree):
    tree.adapters({"adapters": []})


@case("adapter-not-started")
def with_its_reason(tree):
    tree.adapters({"cause": "no vGPU: PCI function and VMBus channels present"}, 4)
    tree.write("/dev/kmsg", "4,9,9,-;dxgkrnl: virtual GPU did not start: -71\n")


@case("dxgctl-failed")
def _(tree):
    tree.remove("/dxgctl")


@case("libraries-missing")
def _(tree):
    tree.remove(doctor.LIBRARIES)


@case("library-missing")
def _(tree):
    tree.remove(doctor.LIBRARIES + "/libd3d12core.so")


@case("library-missing")
def cuda_of_a_machine_with_its_driver(tree):
    tree.remove(doctor.LIBRARIES + "/libcuda.so.1")


@case("library-dangling")
def _(tree):
    tree.link(doctor.LIBRARIES + "/libnvidia-ml.so.1", "/nowhere/libnvidia-ml.so")


@case("library-mismatch")
def _(tree):
    tree.write(doctor.LIBRARIES + "/libdxcore.so",
               ELF[:18] + struct.pack("<H", 183))


@case("library-mismatch")
def truncated_library(tree):
    tree.write(doctor.LIBRARIES + "/libd3d12.so", "MZ")


@case("drivers-missing", also=["driver-store-mismatch"])
def _(tree):
    tree.remove(doctor.DRIVERS)


@case("driver-store-mismatch")
def _(tree):
    tree.write(doctor.DRIVERS + "/iigd_dch.inf_amd64_1/x", "x")
    tree.remove(doctor.DRIVERS + "/" + STORE)


@case("ld-cache")
def _(tree):
    tree.write("/etc/ld.so.cache", b"glibc\0libc.so.6\0/lib/libc.so.6\0")


@case("other-libdxcore")
def _(tree):
    tree.write("/etc/ld.so.cache", b"glibc\0libdxcore.so\0/opt/x/libdxcore.so\0"
               b"libdxcore.so\0/usr/lib/wsl/lib/libdxcore.so\0")


@case("balloon-unserved")
def _(tree):
    tree.remove(VMBUS + "dm/driver")


@case("balloon-pending")
def _(tree):
    tree.write(MODULES + "/updates/dkms/hv_balloon_reclaim.ko.xz", b"")
    tree.write(doctor.CHOICE, "blacklist hv_balloon\n")


@case("balloon-without-module")
def _(tree):
    tree.write(doctor.CHOICE, "blacklist hv_balloon\n")


@case(None)
def the_healthy_guest(_tree):
    pass


@case(None)
def in_tree_module_of_the_same_source(tree):
    tree.remove(MODULE)
    tree.write(MODULES + "/kernel/drivers/hv/dxgkrnl.ko.xz",
               lzma.compress(module_image("AAAA")))


class Report:
    def __init__(self):
        self.count = self.failed = 0

    def check(self, passed, name, why=""):
        self.count += 1
        self.failed += not passed
        print("%sok %d - %s" % ("" if passed else "not ", self.count, name))
        if not passed:
            print("# " + str(why).replace("\n", "\n# "))


def run_case(report, name, also, user, change):
    with tempfile.TemporaryDirectory() as root:
        tree = Tree(root)
        healthy(tree)
        change(tree)
        guest = doctor.Guest(root, RELEASE, "x86_64", user, root + "/dxgctl")
        found = doctor.diagnose(guest)
        doctor.facts(guest)
    names = {f["name"] for f in found}
    expected = also | ({name} if name else set())
    title = name or "nothing"
    if change.__name__ != "_":
        title += ": " + change.__name__.replace("_", " ")
    texts = all(f["cause"] and f["cure"] and "{" not in f["cause"] + f["cure"]
                for f in found)
    report.check(names == expected and texts, title,
                 "found %s" % json.dumps(found, indent=1))


def run_program(root, *options):
    run = subprocess.run([sys.executable, PROGRAM, "--root", root, "--release",
                          RELEASE, "--dxgctl", root + "/dxgctl", *options],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    return run.returncode, run.stdout.decode()


def run_whole_program(report):
    """Output and exit status, as a script would use them."""
    with tempfile.TemporaryDirectory() as root:
        tree = Tree(root)
        healthy(tree)
        status, text = run_program(root)
        report.check(status == 0 and "nothing to complain about" in text,
                     "exit status 0 in order", text)
        status, text = run_program(root, "--json")
        known = json.loads(text)
        report.check(known["status"] == "ok" and known["findings"] == [] and
                     known["facts"]["host_interface_version"] == 46 and
                     known["facts"]["vmbus_version"] == "5.3" and
                     known["facts"]["adapters"] == ["GPU"], "--json: facts", text)
        tree.remove(VMBUS + "dm/driver")
        status, text = run_program(root)
        report.check(status == 1 and "warning: " in text, "exit status 1, warning",
                     text)
        tree.remove(VMBUS + "global")
        status, text = run_program(root, "--json")
        found = json.loads(text)
        report.check(status == 2 and found["status"] == "error" and
                     [f["severity"] for f in found["findings"]] ==
                     ["error", "warning"], "exit status 2, errors first", text)
        status, text = run_program(root, "--nonsense")
        report.check(status == 3, "exit status 3, wrong usage", text)


def main():
    report = Report()
    for each in CASES:
        run_case(report, *each)
    run_whole_program(report)
    untested = set(doctor.FINDINGS) - {name for name, *_ in CASES}
    report.check(not untested, "every finding has a test", untested)
    print("1..%d" % report.count)
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
