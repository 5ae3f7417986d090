// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedger} from "../src/ILedger.sol";
import {IRewards, State} from "../src/IRewards.sol";
import {GovernFixture} from "./GovernFixture.sol";
import {Leaf, Leaves} from "./Leaves.sol";
import {Coin} from "./hostile/Coin.sol";
import {Receiver} from "./hostile/Receiver.sol";

/// @notice Weeks of work, lists right and wrong, and a model of who must have what.
/// @dev Each step tries one call, whether it is allowed or not. The model says beforehand if it may succeed; the contract
/// must agree, both ways. It shares no code with the contract.
contract RewardsHandler is GovernFixture {
    using Leaves for Leaf[];

    struct Item {
        uint256 week;
        uint256 currency; // of currencies
        uint256 list; // of lists
        uint256 total; // may be less than its leaves add up to
        State state;
        uint256 turnAt;
        address poster;
        address disputer;
        uint256 paid;
        uint256 bonds; // bonds that are here for it
    }

    uint256 private constant FIRST = GENESIS / 7 days - 1; // the week of the deployment
    uint256 private constant MOST_ITEMS = 200;
    uint256 private constant LISTS = 3;
    uint256 private constant LEAVES = 5;
    uint256 private constant WEEKS = 3; // of which the last is not over at the start

    Item[] internal items;
    address[3] public currencies;
    address[] public actors;
    Leaf[][LISTS] private lists;
    uint256 public nowAt = GENESIS;
    uint256 private pausedUntil;
    uint256 private restUntil;
    mapping(uint256 week => mapping(uint256 currency => uint256)) private pots;
    mapping(uint256 week => mapping(uint256 currency => bool)) private over; // settled or reclaimed
    mapping(uint256 item => mapping(uint256 leaf => bool)) private taken;
    mapping(uint256 currency => mapping(address actor => uint256)) public modelOwed;
    mapping(uint256 currency => uint256) private inPots;
    uint256[2][] private funded; // week and currency
    mapping(uint256 currency => uint256) public paidIn;
    mapping(uint256 currency => uint256) public paidOut;
    uint256 public made; // voice
    uint256 public destroyed;
    mapping(string step => uint256 count) public done;
    Receiver public thief;

    constructor() {
        deployGovern();
        thief = new Receiver();
        Coin coin = new Coin(Coin.Habit.Plain);
        currencies = [address(voice), address(0), address(coin)];
        actors = [MAJORITY, MINORITY, STRANGER, address(treasury), address(thief)];
        for (uint256 i = 0; i < 3; ++i) {
            vm.deal(actors[i], 1e30);
            coin.mint(actors[i], 1e30);
            vm.prank(actors[i]);
            coin.approve(address(rewards), type(uint256).max);
        }
        for (uint256 k = 0; k < LISTS; ++k) {
            for (uint256 i = 0; i < LEAVES; ++i) {
                // The last list has an index twice.
                uint256 index = k == 2 && i == 4 ? 0 : 200 * i;
                lists[k].push(Leaf(index, i == 3 ? address(thief) : actors[i % 3], uint96(1e18 + 7 * i + k)));
            }
        }
    }

    function count() external view returns (uint256) {
        return items.length;
    }

    function item(uint256 i) external view returns (Item memory) {
        return items[i];
    }

    function actorCount() external view returns (uint256) {
        return actors.length;
    }

    function fund(uint256 seed) external {
        (uint256 week, uint256 c) = (_week(seed), (seed >> 8) % 3);
        address who = actors[(seed >> 16) % 3];
        uint256 amount = [uint256(0), 1e18, 4e18, 5e18, 8e18, 9e18][(seed >> 24) % 6];
        bool allowed =
            nowAt > pausedUntil && c != 0 && amount != 0 && !over[week][c] && nowAt <= _end(week) + 365 days
            && week >= FIRST;
        bool ok = _call(who, c == 1 ? amount : 0, abi.encodeCall(IRewards.fund, (uint32(week), currencies[c], uint128(amount))));
        _agree(ok, allowed, "fund");
        if (!ok) return;
        pots[week][c] += amount;
        inPots[c] += amount;
        funded.push([week, c]);
        paidIn[c] += amount;
    }

    function post(uint256 seed) external {
        if (items.length == MOST_ITEMS) return;
        (uint256 week, uint256 c, uint256 k) = (_week(seed), (seed >> 8) % 3, (seed >> 16) % LISTS);
        address who = actors[(seed >> 24) % 3];
        uint256 sum = lists[k].total();
        uint256 total = (seed >> 32) % 4 == 0 ? sum / 2 : sum;
        uint256 bond = (seed >> 40) % 8 == 0 ? BOND - 1 : BOND;
        uint256 most = c == 0 ? uint256(EMISSION) * 1e18 : pots[week][c];
        bool allowed = nowAt > pausedUntil && bond == BOND && nowAt >= _end(week) && nowAt <= _end(week) + 365 days
            && !over[week][c] && total <= most && week >= FIRST;
        bytes memory data = abi.encodeCall(
            IRewards.post, (uint32(week), currencies[c], lists[k].root(), uint96(total), keccak256("list"))
        );
        bool ok = _call(who, bond, data);
        _agree(ok, allowed, "post");
        if (!ok) return;
        items.push(Item(week, c, k, total, State.Posted, nowAt, who, address(0), 0, 1));
        paidIn[1] += BOND;
    }

    function dispute(uint256 seed) external {
        (uint256 i, bool any) = _pick(seed);
        if (!any) return;
        Item storage it = items[i];
        bool allowed = it.state == State.Posted && nowAt <= it.turnAt + 7 days;
        address who = actors[(seed >> 16) % 3];
        bool ok = _call(who, BOND, abi.encodeCall(IRewards.dispute, (i + 1, keccak256("why"))));
        _agree(ok, allowed, "dispute");
        if (!ok) return;
        (it.state, it.turnAt, it.disputer) = (State.Disputed, nowAt, who);
        ++it.bonds;
        paidIn[1] += BOND;
    }

    function decide(uint256 seed) external {
        (uint256 i, bool any) = _pick(seed);
        if (!any) return;
        Item storage it = items[i];
        bool right = (seed >> 16) % 2 == 0;
        address who = (seed >> 24) % 4 == 0 ? STRANGER : (seed >> 24) % 4 == 1 ? address(treasury) : PANEL;
        bool allowed = it.state == State.Disputed && nowAt <= it.turnAt + 60 days && who != STRANGER
            && (!right || nowAt > it.turnAt + 7 days);
        bool ok = _call(who, 0, abi.encodeCall(IRewards.decide, (i + 1, right)));
        _agree(ok, allowed, "decide");
        if (!ok) return;
        modelOwed[1][right ? it.poster : it.disputer] += 3 * BOND / 2;
        modelOwed[1][address(treasury)] += BOND / 2;
        it.bonds = 0;
        if (right) _settled(it);
        else it.state = State.Rejected;
    }

    function expire(uint256 seed) external {
        (uint256 i, bool any) = _pick(seed);
        if (!any) return;
        Item storage it = items[i];
        bool allowed = it.state == State.Disputed && nowAt > it.turnAt + 60 days;
        bool ok = _call(STRANGER, 0, abi.encodeCall(IRewards.expire, (i + 1)));
        _agree(ok, allowed, "expire");
        if (!ok) return;
        modelOwed[1][it.poster] += BOND;
        modelOwed[1][it.disputer] += BOND;
        (it.state, it.bonds) = (State.Rejected, 0);
    }

    function settle(uint256 seed) external {
        (uint256 i, bool any) = _pick(seed);
        if (!any) return;
        Item storage it = items[i];
        bool allowed = it.state == State.Posted && nowAt > it.turnAt + 7 days;
        bool ok = _call(STRANGER, 0, abi.encodeCall(IRewards.settle, (i + 1)));
        _agree(ok, allowed, "settle");
        if (!ok) return;
        modelOwed[1][it.poster] += BOND;
        it.bonds = 0;
        _settled(it);
    }

    function claim(uint256 seed) external {
        (uint256 i, bool any) = _pick(seed);
        if (!any) return;
        Item storage it = items[i];
        Leaf[] memory list = lists[it.list];
        uint256 which = (seed >> 16) % LEAVES;
        Leaf memory l = list[which];
        bytes32[] memory proof = list.proof((seed >> 24) % 8 == 0 ? (which + 1) % LEAVES : which);
        bool allowed = it.state == State.Settled && !taken[i][l.index] && it.paid + l.amount <= it.total
            && (seed >> 24) % 8 != 0;
        bool elsewhere = (seed >> 32) % 4 == 0 && l.account != address(thief);
        bytes memory data = elsewhere
            ? abi.encodeCall(IRewards.claimTo, (i + 1, l.index, l.amount, proof, address(0xFEED)))
            : abi.encodeCall(IRewards.claim, (i + 1, l.index, l.account, l.amount, proof));
        if (l.account == address(thief)) thief.reenter(address(rewards), data);
        bool ok = _call(elsewhere ? l.account : STRANGER, 0, data);
        _agree(ok, allowed, "claim");
        if (!ok) return;
        taken[i][l.index] = true;
        it.paid += l.amount;
        paidOut[it.currency] += l.amount;
    }

    function close(uint256 seed) external {
        (uint256 i, bool any) = _pick(seed);
        if (!any) return;
        Item storage it = items[i];
        bool allowed = it.state == State.Settled && nowAt > it.turnAt + 365 days;
        bool ok = _call(STRANGER, 0, abi.encodeCall(IRewards.close, (i + 1)));
        _agree(ok, allowed, "close");
        if (!ok) return;
        it.state = State.Closed;
        uint256 left = it.total - it.paid;
        if (it.currency == 0) destroyed += left;
        else modelOwed[it.currency][address(treasury)] += left;
    }

    function reclaim(uint256 seed) external {
        (uint256 week, uint256 c) = (_week(seed), (seed >> 8) % 3);
        if (funded.length != 0) (week, c) = (funded[seed % funded.length][0], funded[seed % funded.length][1]);
        bool allowed = pots[week][c] != 0 && nowAt > _end(week) + 465 days;
        bool ok = _call(STRANGER, 0, abi.encodeCall(IRewards.reclaim, (uint32(week), currencies[c])));
        _agree(ok, allowed, "reclaim");
        if (!ok) return;
        modelOwed[c][address(treasury)] += pots[week][c];
        inPots[c] -= pots[week][c];
        (pots[week][c], over[week][c]) = (0, true);
    }

    function withdraw(uint256 seed) external {
        uint256 c = seed % 3;
        address payee = actors[(seed >> 8) % actors.length];
        bool elsewhere = (seed >> 16) % 2 == 0;
        bytes memory data = elsewhere
            ? abi.encodeCall(ILedger.withdrawTo, (currencies[c], address(0xFEED)))
            : abi.encodeCall(ILedger.withdraw, (currencies[c], payee));
        bool ok = _call(payee, 0, data);
        _agree(ok, modelOwed[c][payee] != 0, "withdraw");
        if (!ok) return;
        paidOut[c] += modelOwed[c][payee];
        modelOwed[c][payee] = 0;
    }

    function pauseIt(uint256 seed) external {
        uint256 forSeconds = seed % 7 days + 1;
        if (seed % 3 != 0 || nowAt <= restUntil) return;
        vm.prank(GUARDIAN);
        pause.pause(forSeconds, 0);
        (pausedUntil, restUntil) = (nowAt + forSeconds, nowAt + 2 * forSeconds);
        ++done["pause"];
    }

    /// Silence: mostly days, now and then most of a year.
    function wait_(uint256 seed) external {
        nowAt += seed % 16 == 0 ? 300 days : seed % 4 == 0 ? seed % 30 days : seed % 5 days;
        vm.warp(nowAt);
        ++done["wait"];
    }

    function _settled(Item storage it) private {
        it.turnAt = nowAt;
        if (over[it.week][it.currency]) {
            it.state = State.Superseded;
            return;
        }
        it.state = State.Settled;
        over[it.week][it.currency] = true;
        if (it.currency == 0) {
            made += it.total;
        } else {
            modelOwed[it.currency][address(treasury)] += pots[it.week][it.currency] - it.total;
            inPots[it.currency] -= pots[it.week][it.currency];
            pots[it.week][it.currency] = 0;
        }
    }

    function _agree(bool ok, bool allowed, string memory what) private {
        if (ok != allowed) revert NotTrue(string.concat(what, ok ? ": done, but not allowed" : ": refused, but allowed"));
        ++done[string.concat(what, ok ? "" : " refused")];
    }

    function _call(address who, uint256 valueWei, bytes memory data) private returns (bool ok) {
        if (valueWei != 0) vm.deal(who, who.balance + valueWei);
        vm.prank(who);
        (ok,) = address(rewards).call{value: valueWei}(data);
    }

    /// @dev Mostly one of the last.
    function _pick(uint256 seed) private view returns (uint256 i, bool any) {
        if (items.length == 0) return (0, false);
        uint256 n = items.length < 6 || seed % 8 == 0 ? items.length : 6;
        return (items.length - 1 - (seed >> 4) % n, true);
    }

    /// @dev Around now.
    function _week(uint256 seed) private view returns (uint256) {
        return nowAt / 7 days - 2 + (seed >> 48) % WEEKS;
    }

    function _end(uint256 week) private pure returns (uint256) {
        return (week + 1) * 7 days;
    }

    /// @dev What is here of a currency, and what the model says must be.
    function money(uint256 c) external view returns (uint256 here, uint256 due) {
        for (uint256 i = 0; i < items.length; ++i) {
            Item storage it = items[i];
            if (c == 1) due += it.bonds * BOND;
            if (it.currency == c && it.state == State.Settled) due += it.total - it.paid;
        }
        for (uint256 i = 0; i < actors.length; ++i) {
            due += modelOwed[c][actors[i]];
        }
        if (c == 0) here = voice.balanceOf(address(rewards));
        if (c == 1) here = address(rewards).balance;
        if (c == 2) here = Coin(currencies[2]).balanceOf(address(rewards));
        due += inPots[c];
    }

    function owedTo(uint256 c, address actor) external view returns (uint256) {
        return rewards.owed(currencies[c], actor);
    }

    function stateOf(uint256 i) external view returns (State state, uint256 left) {
        return (rewards.posting(i + 1).state, rewards.posting(i + 1).left);
    }

    function supply() external view returns (uint256) {
        return voice.totalSupply();
    }
}
