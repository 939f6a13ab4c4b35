// The benchmark pathway as a plain C++ event loop: how fast one processor can be at all.
//
//     cpp_loop NUMBERS LOG
//
// Same rules, same addressed luck, same order of arithmetic as our engines (docs/engines.md), for
// this one pathway only. NUMBERS holds what benchmarks/cpp_loop.py writes: everything that is a
// number of the pathway or of the load comes from there. LOG gets the rows of the log, sorted. It
// prints the seconds of processor time from the arrivals in memory to the sorted log.
//
// Compile without fused multiply-add and without fast-math, or the logs differ in a minute or two.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <vector>

using i64 = std::int64_t;
using u64 = std::uint64_t;

enum Stage { CONTACT, SCREENING, EARLY_HELP_WAIT, EARLY_HELP, ASSESSMENT, CHILD_IN_NEED, CARE, GONE };
enum Pool { OFFICERS, KEY_WORKERS, SOCIAL_WORKERS, POOLS, NO_POOL = -1 };
enum Phase { PLACE_GIVEN, ENDING };

constexpr int STAGES = 7, ENDS = 3, NEEDS = 4, COLUMNS = 11, MOST_BANDS = 8;
constexpr i64 NONE = -1, FAR = i64(1) << 62;
constexpr int RANK_BITS = 24, STAGE_BITS = 4;
constexpr int POOL_OF[STAGES] = {NO_POOL,        OFFICERS,       KEY_WORKERS, KEY_WORKERS,
                                 SOCIAL_WORKERS, SOCIAL_WORKERS, NO_POOL};

// --- the numbers ---------------------------------------------------------------------------------

struct Risk {
    i64 outcome_code, to, sets_need, purpose;
    double share[NEEDS];       // of a decision, by need
    double rate[MOST_BANDS];   // per minute, by time in the stage
};

struct StageNumbers {
    i64 ends, bands, edge[MOST_BANDS];
    Risk end[ENDS];
};

struct Numbers {
    i64 families, horizon, first_case, case_step, need_shift, cells;
    u64 run_key, case_factor, purpose_factor, nth_factor;
    i64 capacity[POOLS], place_code[POOLS];
    StageNumbers stage[STAGES];
};

struct Arrival {
    i64 minute, case_id, need;
};

struct World {
    Numbers numbers;
    std::vector<double> screening, assessment, exponential;  // quantile tables
    std::vector<Arrival> arrivals;
};

struct Row {
    i64 start, case_id, nth, stage, served, end, outcome, place, mask, state, spent;
};

// --- luck ----------------------------------------------------------------------------------------

static inline u64 mix(u64 z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

// --- one replication -----------------------------------------------------------------------------

struct Family {
    u64 key, alarm;
    i64 row_start, served, exit_at, row, asked;
    std::int32_t nth, need, asked_need, exit_end, ahead, behind;
    std::int8_t stage, pool, line;  // pool held; pool whose line it stands in
};

struct Line {
    std::int32_t head = -1, tail = -1;
};

class Replication {
  public:
    explicit Replication(const World &world)
        : world(world), n(world.numbers), families(new Family[n.families]) {
        for (int pool = 0; pool < POOLS; pool++) free_places[pool] = n.capacity[pool];
        room = 8 * n.families + 1024;
        rows = static_cast<Row *>(std::malloc(room * sizeof(Row)));
        heap.reserve(n.families + 1024);
    }
    ~Replication() { std::free(rows); }

    void run() {
        const Arrival *next = world.arrivals.data(), *last = next + n.families;
        for (;;) {
            i64 alarm_at = heap.empty() ? FAR : i64(heap[0] >> (RANK_BITS + STAGE_BITS + 1));
            i64 arrival_at = next == last ? FAR : next->minute;
            now = std::min(alarm_at, arrival_at);
            if (now >= n.horizon) break;
            if (alarm_at <= arrival_at) {
                wake(pop());
            } else {
                do appear(*next++);
                while (next != last && next->minute == now);
            }
        }
        for (i64 rank = 0; rank < next - world.arrivals.data(); rank++)
            if (families[rank].stage != GONE) write(families[rank], rank, NONE, NONE);
        sort_minutes();
    }

    Row *rows;
    i64 count = 0;

  private:
    const World &world;
    const Numbers &n;
    std::unique_ptr<Family[]> families;
    std::vector<u64> heap;
    i64 free_places[POOLS], now = 0, room;
    Line lines[POOLS][NEEDS];

    // --- events ---

    void push(u64 key) {
        heap.push_back(key);
        size_t at = heap.size() - 1;
        while (at > 0) {
            size_t above = (at - 1) >> 2;
            if (heap[above] <= key) break;
            heap[at] = heap[above];
            at = above;
        }
        heap[at] = key;
    }

    u64 pop() {
        u64 first = heap[0], key = heap.back();
        heap.pop_back();
        size_t size = heap.size(), at = 0, branch = 1;
        while (branch < size) {
            size_t least = branch, end = std::min(branch + 4, size);
            for (size_t other = branch + 1; other < end; other++)
                if (heap[other] < heap[least]) least = other;
            if (key <= heap[least]) break;
            heap[at] = heap[least];
            at = least;
            branch = 4 * at + 1;
        }
        if (size) heap[at] = key;
        return first;
    }

    void set_alarm(Family &family, i64 rank, Phase phase) {
        family.alarm = 0;
        if (family.exit_at >= n.horizon) return;
        family.alarm = (u64(family.exit_at) << 1 | phase) << (RANK_BITS + STAGE_BITS) |
                       u64(family.stage) << RANK_BITS | u64(rank);
        push(family.alarm);
    }

    void wake(u64 key) {
        i64 rank = key & ((u64(1) << RANK_BITS) - 1);
        if (families[rank].alarm != key) return;  // set anew since
        families[rank].alarm = 0;
        finish(families[rank], rank);
        walk(families[rank], rank);
    }

    void appear(const Arrival &arrival) {
        i64 rank = (arrival.case_id - n.first_case) / n.case_step;
        Family &family = families[rank];
        family.key = mix(n.run_key + u64(arrival.case_id) * n.case_factor);
        family.alarm = 0;
        family.nth = 0;
        family.need = std::int32_t(arrival.need);
        family.stage = CONTACT;
        family.pool = family.line = NO_POOL;
        walk(family, rank);
    }

    void walk(Family &family, i64 rank) {
        while (family.stage != GONE) {
            begin(family, rank);
            if (family.exit_at > now) {
                set_alarm(family, rank, ENDING);
                return;
            }
            finish(family, rank);
        }
    }

    // --- a stay ---

    void begin(Family &family, i64 rank) {
        family.row_start = now;
        family.row = count++;
        family.served = NONE;
        int pool = POOL_OF[int(family.stage)];
        if (pool != NO_POOL) {
            if (family.pool != pool) {
                if (free_places[pool] > 0) {
                    free_places[pool]--;
                    family.pool = std::int8_t(pool);
                } else if (family.line == NO_POOL) {
                    join_line(family, rank, pool);
                }
            }
            if (family.pool == pool) family.served = now;
        }
        set_end(family);
    }

    void set_end(Family &family) {
        family.exit_at = n.horizon;
        switch (family.stage) {
        case CONTACT:
            family.exit_at = now;
            break;
        case SCREENING:
            if (family.served != NONE) family.exit_at = now + minutes(family, world.screening);
            break;
        case ASSESSMENT:
            family.exit_at = now + minutes(family, world.assessment);
            break;
        case EARLY_HELP_WAIT:
            if (family.served != NONE) {
                family.exit_at = now;
                family.exit_end = 0;
                break;
            }
            [[fallthrough]];
        default:
            race(family);
        }
    }

    void finish(Family &family, i64 rank) {
        const StageNumbers &stage = n.stage[int(family.stage)];
        bool decided = family.stage == CONTACT || family.stage == SCREENING ||
                       family.stage == ASSESSMENT;
        const Risk &end = stage.end[decided ? decide(family, stage) : family.exit_end];
        write(family, rank, now, end.outcome_code);
        family.nth++;
        if (end.sets_need != NONE) family.need = std::int32_t(end.sets_need);
        family.stage = std::int8_t(end.to);
        int next_pool = family.stage == GONE ? NO_POOL : POOL_OF[int(family.stage)];
        if (family.line != NO_POOL && family.line != next_pool) leave_line(family);
        if (family.pool != NO_POOL && family.pool != next_pool) {
            int freed = family.pool;
            family.pool = NO_POOL;
            free_places[freed]++;
            serve(freed);
        }
    }

    void write(const Family &family, i64 rank, i64 end, i64 outcome) {
        if (family.row >= room) make_room();
        int pool = POOL_OF[int(family.stage)];
        rows[family.row] = {family.row_start,
                            n.first_case + rank * n.case_step,
                            family.nth,
                            family.stage,
                            family.served,
                            end,
                            outcome,
                            pool == NO_POOL ? NONE : n.place_code[pool],
                            1,
                            i64(family.need) << n.need_shift,
                            0};
    }

    void make_room() {
        while (room <= count) room *= 2;
        rows = static_cast<Row *>(std::realloc(rows, room * sizeof(Row)));
    }

    // --- places ---

    void link(Line &line, std::int32_t ahead, std::int32_t behind) {
        (ahead < 0 ? line.head : families[ahead].behind) = behind;
        (behind < 0 ? line.tail : families[behind].ahead) = ahead;
    }

    void join_line(Family &family, i64 rank, int pool) {
        family.line = std::int8_t(pool);
        family.asked = now;
        family.asked_need = family.need;
        Line &line = lines[pool][family.need];
        std::int32_t ahead = line.tail, behind = -1, self = std::int32_t(rank);
        while (ahead >= 0 && families[ahead].asked == now && ahead > self) {
            behind = ahead;
            ahead = families[ahead].ahead;
        }
        link(line, ahead, self);
        link(line, self, behind);
    }

    void leave_line(Family &family) {
        link(lines[int(family.line)][family.asked_need], family.ahead, family.behind);
        family.line = NO_POOL;
    }

    void serve(int pool) {
        for (int need = NEEDS - 1; need >= 0 && free_places[pool] > 0; need--) {
            while (free_places[pool] > 0 && lines[pool][need].head >= 0) {
                i64 rank = lines[pool][need].head;
                Family &family = families[rank];
                leave_line(family);
                free_places[pool]--;
                family.pool = std::int8_t(pool);
                family.served = now;
                if (family.stage == EARLY_HELP_WAIT) {
                    family.exit_at = now;
                    family.exit_end = 0;
                    set_alarm(family, rank, PLACE_GIVEN);
                } else if (family.stage == SCREENING) {
                    set_end(family);
                    set_alarm(family, rank, ENDING);
                }
            }
        }
    }

    // --- how long, and how it ends ---

    double uniform(const Family &family, i64 purpose) const {
        u64 z = mix(family.key + u64(purpose) * n.purpose_factor + u64(family.nth) * n.nth_factor);
        return double(z >> 11) * 0x1p-53;
    }

    static double in_cell(const double *table, double position, i64 cell) {
        return table[cell] + (table[cell + 1] - table[cell]) * (position - double(cell));
    }

    i64 minutes(const Family &family, const std::vector<double> &table) const {
        double position = uniform(family, n.stage[int(family.stage)].end[0].purpose) * n.cells;
        return i64(in_cell(table.data(), position, std::min(i64(position), n.cells - 1)));
    }

    double unit_exponential(double u) const {
        const double *table = world.exponential.data();
        double position = u * n.cells;
        if (position >= n.cells - 1) {  // the last cell is refined
            position = (position - (n.cells - 1)) * n.cells;
            table += n.cells + 1;
        }
        return in_cell(table, position, i64(position));
    }

    int decide(const Family &family, const StageNumbers &stage) const {
        double u = uniform(family, stage.end[stage.ends - 1].purpose), reached = 0.0;
        for (int end = 0; end < stage.ends - 1; end++) {
            reached += stage.end[end].share[family.need];
            if (u < reached) return end;
        }
        return int(stage.ends - 1);
    }

    void race(Family &family) const {
        const StageNumbers &stage = n.stage[int(family.stage)];
        i64 earliest = n.horizon;
        for (int end = family.stage == EARLY_HELP_WAIT ? 1 : 0; end < stage.ends; end++) {
            i64 at = risk(family, stage, stage.end[end], earliest);
            if (at < earliest) {
                earliest = at;
                family.exit_end = end;
            }
        }
        family.exit_at = earliest;
    }

    i64 risk(const Family &family, const StageNumbers &stage, const Risk &risk, i64 before) const {
        double budget = unit_exponential(uniform(family, risk.purpose));
        i64 at = now;
        for (int band = 0; at < before; band++) {
            i64 stop = band + 1 < stage.bands ? now + stage.edge[band + 1] : FAR;
            double spend = risk.rate[band] * double(stop - at);
            if (budget < spend) return at + i64(budget / risk.rate[band]);
            budget -= spend;
            at = stop;
        }
        return FAR;
    }

    // --- the log, born in the order of minutes ---

    void sort_minutes() {
        for (i64 first = 0; first < count;) {
            i64 last = first + 1;
            while (last < count && rows[last].start == rows[first].start) last++;
            if (last - first > 1)
                std::sort(rows + first, rows + last, [](const Row &one, const Row &other) {
                    return one.case_id != other.case_id ? one.case_id < other.case_id
                                                        : one.nth < other.nth;
                });
            first = last;
        }
    }
};

// --- files ---------------------------------------------------------------------------------------

template <typename Item> static void read(std::FILE *file, Item *items, size_t count) {
    if (std::fread(items, sizeof(Item), count, file) != count) {
        std::fprintf(stderr, "the file of numbers is too short\n");
        std::exit(1);
    }
}

static std::vector<double> read_table(std::FILE *file, size_t size) {
    std::vector<double> table(size);
    read(file, table.data(), size);
    return table;
}

int main(int arguments, char **argument) {
    std::FILE *in = arguments == 3 ? std::fopen(argument[1], "rb") : nullptr;
    std::FILE *out = in ? std::fopen(argument[2], "wb") : nullptr;
    if (!in || !out) {
        std::fprintf(stderr, "usage: cpp_loop NUMBERS LOG\n");
        return 1;
    }
    World world;
    read(in, &world.numbers, 1);
    size_t size = world.numbers.cells + 1;
    world.screening = read_table(in, size);
    world.assessment = read_table(in, size);
    world.exponential = read_table(in, 2 * size);
    world.arrivals.resize(world.numbers.families);
    read(in, world.arrivals.data(), world.arrivals.size());

    std::clock_t began = std::clock();
    Replication replication(world);
    replication.run();
    double seconds = double(std::clock() - began) / CLOCKS_PER_SEC;

    std::fwrite(replication.rows, sizeof(Row), replication.count, out);
    std::printf("%.6f\n", seconds);
    return std::fclose(out) == 0 ? 0 : 1;
}
