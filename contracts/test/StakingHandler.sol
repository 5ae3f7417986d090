// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IStaking, PoolView, Stake, StakeState, StakingTerms} from "../src/IStaking.sol";
import {Assets, Staking} from "./Faces.sol";
import {Stakes} from "./Stakes.sol";
import {Coin} from "./hostile/Coin.sol";
import {Receiver} from "./hostile/Receiver.sol";

/// @notice Companies, stakers and time over a few tokens and three pools, and a model of who must have earned what.
/// @dev Each step tries one call, whether it is allowed or not; the model says beforehand if it may succeed, and the
/// contract must agree, both ways. The model shares no code with the contract and reckons the other way round: when time
/// passes it walks over all stakes and gives each its part, in billionths of a unit.
contract StakingHandler is Stakes {
    struct Lake {
        bytes32 id;
        address currency;
        uint256 unbonding;
        uint256 stream;
        uint256 cap;
        uint256 weight;
        uint256 left; // billionths
        uint256 endsAt;
        uint256 paidIn; // units: deposits and forfeited bonds
        uint256 paidOut; // units: claims and what was reclaimed
        uint256 bond;
        uint256 minimum;
        uint256 paid;
        uint256 dueAt;
    }

    struct Item {
        Stake agreed;
        uint256 lake;
        StakeState state;
        uint256 freeAt;
        uint256 earned; // billionths
        uint256 claimed; // units
    }

    uint256 internal constant BILLION = 1e9;
    uint256 internal constant TOKENS = 6;

    Lake[] internal lakes;
    Item[] internal items;
    uint256[] internal tokens;
    address[] internal people;
    uint256 public nowAt = START;
    uint256 public calls; // each may round by a unit
    mapping(string step => uint256 count) public done;

    Coin private coin;
    Receiver private thief;
    Receiver private stubborn;

    constructor() {
        setUp();
        coin = new Coin(Coin.Habit.Plain);
        thief = new Receiver();
        stubborn = new Receiver();
        people = [patient, doctor, other, address(thief), address(stubborn)];
        coin.mint(company, 1e30);
        vm.prank(company);
        coin.approve(address(staking), type(uint256).max);
        for (uint256 i = 0; i < people.length; ++i) {
            vm.prank(people[i]);
            assets.setApprovalForAll(address(staking), true);
        }
        for (uint256 i = 0; i < TOKENS; ++i) {
            tokens.push(tokenFor(people[i % people.length], keyOf(people[i % people.length]), i));
        }
        addLake(MONEY, 1 hours, 1 days, 10_000);
        addLake(MONEY, 3 days, 30 days, type(uint64).max);
        addLake(address(coin), 1 days, 7 days, 7);
    }

    function addLake(address currency, uint32 unbonding, uint32 stream, uint64 cap) private {
        bytes32 id = openWith(StakingTerms(currency, address(assets), unbonding, stream, cap, bytes32(lakes.length)));
        Lake storage l = lakes.push();
        (l.id, l.currency, l.unbonding, l.stream, l.cap) = (id, currency, unbonding, stream, cap);
    }

    // What must hold. The walks are here and not in the invariants: a call from a test is a transaction, and slow.

    function eachStakedTokenIsHereInOneStake() external view {
        uint256 held = 0;
        for (uint256 i = 0; i < items.length; ++i) {
            Item storage it = items[i];
            (StakeState state, uint64 freeAt,) = staking.stakeOf(it.agreed);
            eq(uint256(state), uint256(it.state), "state");
            eq(freeAt, it.freeAt, "free at");
            if (state == StakeState.Taken) continue;
            eq(assets.ownerOf(it.agreed.tokenId), address(staking), "here");
            ++held;
        }
        eq(assets.balanceOf(address(staking)), held, "no token in two stakes");
    }

    function theWeightIsTheSumOfWeights() external view {
        for (uint256 n = 0; n < lakes.length; ++n) {
            uint256 weight = 0;
            for (uint256 i = 0; i < items.length; ++i) {
                Item storage it = items[i];
                if (it.lake == n && it.state == StakeState.Standing) weight += it.agreed.weight;
            }
            PoolView memory p = staking.poolOf(lakes[n].id);
            eq(p.weight, weight, "weight");
            isTrue(weight <= p.weightCap, "cap");
            if (p.left != 0) eq(p.endsAt, lakes[n].endsAt, "ends");
        }
    }

    function moneyAddsUp() external view {
        uint256 coins = 0;
        for (uint256 n = 0; n < lakes.length; ++n) {
            Lake storage l = lakes[n];
            uint256 promised = staking.poolOf(l.id).left;
            for (uint256 i = 0; i < items.length; ++i) {
                if (items[i].lake == n) promised += owedTo(items[i].agreed);
            }
            isTrue(l.paidOut + promised <= l.paidIn, "no more than was deposited");
            isTrue(l.paidOut + promised + calls + items.length >= l.paidIn, "and no less, but for rounding");
            uint256 here = l.paidIn - l.paidOut + l.bond;
            if (l.currency == MONEY) coins += here;
            else eq(coin.balanceOf(address(staking)), here, "tokens are here");
        }
        eq(address(staking).balance, coins, "coins are here");
    }

    function eachStakeEarnedWhatWeightAndTimeSay() external view {
        uint256 slack = calls + items.length + 1;
        for (uint256 i = 0; i < items.length; ++i) {
            Item storage it = items[i];
            uint256 got = it.claimed + owedTo(it.agreed);
            uint256 want = it.earned / BILLION;
            isTrue(got <= want + slack && want <= got + slack, "earned, to a unit a call");
        }
    }

    function nobodyGetsMoneyByCallingBack() external view {
        eq(thief.reentered(), 0, "calls back that worked");
    }

    // Steps.

    function stake(uint256 seed) external {
        uint256 tokenId = tokens[seed % TOKENS];
        address holder = assets.ownerOf(tokenId);
        bool owns = holder != address(staking) && (seed >> 8) % 8 != 0;
        address staker = owns ? holder : people[(seed >> 16) % people.length];
        uint256 n = (seed >> 24) % lakes.length;
        uint64 weight = [uint64(1), 3, 1000, 0, 1 << 40, 2][(seed >> 32) % 6];
        bool again = items.length != 0 && (seed >> 40) % 8 == 0;
        Stake memory s = again
            ? items[(seed >> 48) % items.length].agreed
            : Stake(lakes[n].id, staker, tokenId, weight, uint64(nowAt + 1 days), bytes32(items.length));
        if ((seed >> 56) % 16 == 0) s.endsAt = uint64(nowAt - 1);
        bool forged = (seed >> 64) % 8 == 0;
        bool allowed = !again && !forged && mayStake(s, n);
        bytes memory byCompany = signature(forged && seed % 2 == 0 ? 0xBAD : COMPANY_KEY, hashOf(s));
        bytes memory byStaker = signature(forged ? 0xBAD : keyOf(s.staker), hashOf(s));
        if (forged && isWallet(s.staker)) byCompany = byStaker; // a wallet signs all
        bool ok = tried(relayer, 0, abi.encodeCall(IStaking.stake, (s, byCompany, byStaker)));
        agree(ok, allowed, "stake");
        if (!ok) return;
        Item storage it = items.push();
        (it.agreed, it.lake, it.state) = (s, n, StakeState.Standing);
        lakes[n].weight += s.weight;
    }

    function mayStake(Stake memory s, uint256 n) private view returns (bool) {
        return nowAt >= pauser.until() && s.weight != 0 && nowAt <= s.endsAt && assets.ownerOf(s.tokenId) == s.staker
            && lakes[n].weight + s.weight <= lakes[n].cap;
    }

    function unbond(uint256 seed) external {
        if (items.length == 0) return;
        Item storage it = items[seed % items.length];
        bool own = (seed >> 16) % 2 == 0;
        bool forged = !own && (seed >> 24) % 4 == 0;
        bytes memory signed = signature(forged ? 0xBAD : keyOf(it.agreed.staker), unbondDigest(it.agreed));
        bool allowed = it.state == StakeState.Standing && (own || !forged || isWallet(it.agreed.staker));
        bytes memory data = abi.encodeCall(IStaking.unbond, (it.agreed, own ? bytes("") : signed));
        bool ok = tried(own ? it.agreed.staker : company, 0, data);
        agree(ok, allowed, "unbond");
        if (!ok) return;
        (it.state, it.freeAt) = (StakeState.Unbonding, nowAt + lakes[it.lake].unbonding);
        lakes[it.lake].weight -= it.agreed.weight;
    }

    function unstake(uint256 seed) external {
        if (items.length == 0) return;
        Item storage it = items[seed % items.length];
        bool ok = tried(relayer, 0, abi.encodeCall(IStaking.unstake, (it.agreed)));
        agree(ok, it.state == StakeState.Unbonding && nowAt >= it.freeAt, "unstake");
        if (!ok) return;
        it.state = StakeState.Taken;
        eq(assets.ownerOf(it.agreed.tokenId), it.agreed.staker, "back with its staker");
    }

    function claim(uint256 seed) external {
        if (items.length == 0) return;
        Item storage it = items[seed % items.length];
        address staker = it.agreed.staker;
        stubborn.refuse((seed >> 16) % 2 == 0);
        bytes memory data = abi.encodeCall(IStaking.claim, (it.agreed));
        thief.reenter(address(staking), data);
        uint256 owed = owedTo(it.agreed);
        address currency = lakes[it.lake].currency;
        bool refuses = staker == address(stubborn) && stubborn.refuses() && currency == MONEY;
        bool ok = tried(company, 0, data);
        agree(ok, owed != 0 && !refuses, "claim");
        if (ok) paid(it, owed);
    }

    function claimTo(uint256 seed) external {
        if (items.length == 0) return;
        Item storage it = items[seed % items.length];
        address who = (seed >> 16) % 4 == 0 ? people[(seed >> 24) % people.length] : it.agreed.staker;
        uint256 owed = owedTo(it.agreed);
        bool ok = tried(who, 0, abi.encodeCall(IStaking.claimTo, (it.agreed, address(0xFEED))));
        agree(ok, owed != 0 && who == it.agreed.staker, "claimTo");
        if (ok) paid(it, owed);
    }

    function paid(Item storage it, uint256 amount) private {
        it.claimed += amount;
        lakes[it.lake].paidOut += amount;
        eq(owedTo(it.agreed), 0, "paid whole");
    }

    function deposit(uint256 seed) external {
        Lake storage l = lakes[seed % lakes.length];
        uint128 amount = [uint128(0), 1, 7, 10_001, 1 ether + 7, 123_456_789_012_345_678_901][(seed >> 8) % 6];
        bool wrong = (seed >> 16) % 8 == 0;
        uint256 valueWei = (l.currency == MONEY ? amount : 0) + (wrong ? 1 : 0);
        bool ok = tried(company, valueWei, abi.encodeCall(IStaking.deposit, (l.id, amount)));
        agree(ok, amount != 0 && !wrong, "deposit");
        if (!ok) return;
        if (l.bond != 0 && nowAt <= l.dueAt) l.paid += amount;
        pour(l, amount);
    }

    function reclaim(uint256 seed) external {
        Lake storage l = lakes[seed % lakes.length];
        address who = (seed >> 8) % 8 == 0 ? relayer : company;
        uint256 left = staking.poolOf(l.id).left;
        bool ok = tried(who, 0, abi.encodeCall(IStaking.reclaim, (l.id, address(0xFEED))));
        agree(ok, who == company && l.weight == 0 && left != 0, "reclaim");
        if (!ok) return;
        l.paidOut += left;
        l.left = 0;
        if (l.bond != 0) l.paid = l.paid > left ? l.paid - left : 0;
    }

    function pledge(uint256 seed) external {
        Lake storage l = lakes[seed % lakes.length];
        uint96 bond = [uint96(0), 1, 1 ether, 5][(seed >> 16) % 4];
        uint128 minimum = [uint128(1), 1 ether, 0, 10_000][(seed >> 24) % 4];
        pledgeBy((seed >> 8) % 8 == 0 ? relayer : company, l, bond, minimum, uint40(nowAt + (seed >> 32) % 5 days));
    }

    function pledgeBy(address who, Lake storage l, uint96 bond, uint128 minimum, uint40 dueAt) private {
        if (who == relayer) vm.deal(relayer, 1 ether);
        bool allowed = who == company && bond != 0 && minimum != 0 && dueAt > nowAt && nowAt >= pauser.until() && l.bond == 0;
        bytes memory data = abi.encodeCall(IStaking.pledge, (l.id, bond, minimum, dueAt));
        bool ok = tried(who, l.currency == MONEY ? bond : 0, data);
        agree(ok, allowed, "pledge");
        if (!ok) return;
        (l.bond, l.minimum) = (bond, minimum);
        (l.dueAt, l.paid) = (dueAt, 0);
    }

    function takeBond(uint256 seed) external {
        Lake storage l = lakes[seed % lakes.length];
        address who = (seed >> 8) % 8 == 0 ? relayer : company;
        bool ok = tried(who, 0, abi.encodeCall(IStaking.takeBond, (l.id, address(0xFEED))));
        agree(ok, who == company && l.bond != 0 && l.paid >= l.minimum, "takeBond");
        if (ok) l.bond = 0;
    }

    function forfeit(uint256 seed) external {
        Lake storage l = lakes[seed % lakes.length];
        bool ok = tried(relayer, 0, abi.encodeCall(IStaking.forfeit, (l.id)));
        agree(ok, l.bond != 0 && l.paid < l.minimum && nowAt > l.dueAt, "forfeit");
        if (!ok) return;
        pour(l, l.bond);
        l.bond = 0;
    }

    function transfer(uint256 seed) external {
        uint256 tokenId = tokens[seed % TOKENS];
        address from = assets.ownerOf(tokenId);
        if (from == address(staking)) return;
        vm.prank(from);
        assets.transferFrom(from, people[(seed >> 8) % people.length], tokenId);
        ++done["transfer"];
    }

    function pause(uint256 seed) external {
        if (seed % 4 == 0) pauser.pause(uint64(nowAt + (seed >> 8) % 10 hours));
        ++done["pause"];
    }

    function wait_(uint256 seed) external {
        uint256 passed = seed % 3 == 0 ? seed % 30 : seed % 2 days;
        for (uint256 i = 0; i < lakes.length; ++i) {
            flow(lakes[i], i, passed);
        }
        nowAt += passed;
        vm.warp(nowAt);
        ++done["wait"];
    }

    // The model.

    /// @dev Time passes: what flows is divided among all who stand.
    function flow(Lake storage l, uint256 n, uint256 passed) private {
        if (l.left == 0) return;
        if (l.weight == 0) {
            l.endsAt += passed;
            return;
        }
        uint256 rest = l.endsAt - nowAt;
        uint256 flowed = passed >= rest ? l.left : l.left * passed / rest;
        l.left -= flowed;
        for (uint256 i = 0; i < items.length; ++i) {
            Item storage it = items[i];
            if (it.lake == n && it.state == StakeState.Standing) it.earned += flowed * it.agreed.weight / l.weight;
        }
    }

    /// @dev The end is where the contract says, if that is the mean to half a second (a unit that was rounded counts here).
    function pour(Lake storage l, uint256 amount) private {
        l.paidIn += amount;
        uint256 endsAt = staking.poolOf(l.id).endsAt;
        uint256 all = l.left + amount * BILLION;
        uint256 rest = l.left == 0 ? 0 : l.endsAt - nowAt;
        uint256 mean = (l.left * rest + amount * BILLION * l.stream) / all;
        uint256 slack = 1 + (calls + 1) * l.stream * BILLION / all; // dust of a few units weighs much among few units
        isTrue(endsAt + slack >= nowAt + mean && endsAt <= nowAt + mean + slack, "the mean of the ends");
        (l.left, l.endsAt) = (all, endsAt);
    }

    function tried(address who, uint256 valueWei, bytes memory data) private returns (bool ok) {
        ++calls;
        vm.prank(who);
        (ok,) = address(staking).call{value: valueWei}(data);
    }

    function agree(bool ok, bool allowed, string memory what) private {
        if (ok != allowed) revert NotTrue(string.concat(what, ok ? ": done, but not allowed" : ": refused, but allowed"));
        ++done[string.concat(what, ok ? "" : " refused")];
    }

    function isWallet(address who) private view returns (bool) {
        return who == address(thief) || who == address(stubborn);
    }

    function keyOf(address who) private view returns (uint256) {
        if (who == patient) return PATIENT_KEY;
        return who == doctor ? DOCTOR_KEY : OTHER_KEY;
    }
}
