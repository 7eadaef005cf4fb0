import glob

from aim import tries

places = (
    "/proc/sysrq-trigger",
    "/proc/sys/kernel/core_pattern",
    "/proc/sys/kernel/modprobe",
    "/proc/sys/vm/drop_caches",
    "/proc/sys/kernel/hostname",
    "/proc/self/oom_adj",
    "/proc/self/uid_map",
    "/proc/self/setgroups",
    "/proc/self/loginuid",
    "/proc/irq/default_smp_affinity",
    "/sys/kernel/uevent_helper",
    "/sys/power/state",
    *glob.glob("/sys/fs/cgroup/*")[:40],
    "/sys/fs/cgroup/cgroup.procs",
    "/sys/fs/cgroup/memory/release_agent",
)
for place in places:
    tries(place, lambda place=place: open(place, "w").write("1"))
tries("protection from the killer", lambda: open("/proc/self/oom_score_adj", "w").write("-1000"))
