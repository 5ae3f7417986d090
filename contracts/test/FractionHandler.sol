// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IFraction} from "../src/IFraction.sol";
import {FractionTerms} from "../src/IFractions.sol";
import {FractionFixture} from "./FractionFixture.sol";
import {Fraction} from "./Faces.sol";
import {Coin} from "./hostile/Coin.sol";
import {Receiver} from "./hostile/Receiver.sol";

/// @notice Random people with the fractions of one asset, and a model of who has what.
/// @dev Each step tries one call, whether it is allowed or not. The model says beforehand if it may succeed; the
/// contract must agree, both ways. The model shares no code with the contract: it pays each dividend to each holder and
/// counts each ballot anew. When an asset has left its vault, it goes into a next one, of the other currency.
contract FractionHandler is FractionFixture {
    enum Kind {
        None,
        Objects,
        Chooses
    }

    struct Person {
        address who;
        uint256 units;
        uint256 locked;
        uint256 owed;
        Kind kind;
        uint256 round;
        address candidate;
        uint256 until;
    }

    Fraction public f;
    Person[] private people;
    uint256 public nowAt = START;
    uint256 public vaults;
    mapping(string step => uint256 count) public done;

    // The model of the vault.
    address public bidder;
    uint256 public price;
    uint256 public endsAt;
    uint256 public number;
    uint256 public elections;
    address public chief;
    bool public delayed;
    bool public closed;
    uint256 public unbooked; // came in and was not collected, or did not divide
    uint256 public paidIn;
    uint256 public paidOut;

    Receiver private thief;
    Receiver private stubborn;

    constructor() {
        setUp();
        thief = new Receiver();
        stubborn = new Receiver();
        coin = new Coin(Coin.Habit.CallsBack);
        address[6] memory who = [patient, ann, ben, address(thief), address(stubborn), buyer];
        for (uint256 i = 0; i < who.length; ++i) {
            people.push().who = who[i];
        }
        _open();
    }

    function person(uint256 i) external view returns (Person memory) {
        return people[i];
    }

    function count() external view returns (uint256) {
        return people.length;
    }

    function here() public view returns (uint256) {
        return f.currency() == address(0) ? address(f).balance : coin.balanceOf(address(f));
    }

    function left() public view returns (uint256 units) {
        for (uint256 i = 0; i < people.length; ++i) {
            units += people[i].units;
        }
    }

    function objections() public view returns (uint256 units) {
        for (uint256 i = 0; i < people.length; ++i) {
            if (people[i].kind == Kind.Objects && people[i].round == number) units += people[i].locked;
        }
    }

    function votes(address who) public view returns (uint256 units) {
        for (uint256 i = 0; i < people.length; ++i) {
            Person storage p = people[i];
            if (p.kind == Kind.Chooses && p.round == elections && p.candidate == who) units += p.locked;
        }
    }

    function transfer(uint256 seed) external {
        Person storage a = _pick(seed);
        Person storage b = _pick(seed >> 8);
        uint256 free = a.units - a.locked;
        uint256 units = (seed >> 16) % (free + 2);
        bool ok = _call(a.who, 0, abi.encodeCall(f.transfer, (b.who, units)));
        _agree(ok, units <= free, "transfer");
        if (!ok) return;
        a.units -= units;
        b.units += units;
    }

    /// One buys all that is for sale; more often, each gives one other person half of what it has.
    function gather(uint256 seed) external {
        bool all = (seed >> 8) % 4 == 0;
        for (uint256 i = 0; i < people.length; ++i) {
            Person storage a = people[i];
            Person storage b = _pick(all ? seed : seed % 6 + i);
            uint256 units = a.units - a.locked;
            if (!all) units /= 2;
            _agree(_call(a.who, 0, abi.encodeCall(f.transfer, (b.who, units))), true, "gather");
            a.units -= units;
            b.units += units;
        }
    }

    function deposit(uint256 seed) external {
        uint256 amount = _amount(seed);
        uint256 units = left();
        // A token calls back before it comes, and collects what had come in before.
        bool swept = f.currency() != address(0) && (units == 0 ? unbooked != 0 : unbooked >= units);
        uint256 rest = !swept ? unbooked : units == 0 ? 0 : unbooked % units;
        coin.reenter(address(f), abi.encodeCall(IFraction.collect, ()));
        bool ok = _callAndPay(relayer, amount, abi.encodeCall(IFraction.deposit, (amount)));
        coin.reenter(address(0), "");
        _agree(ok, units == 0 || rest + amount >= units, "deposit");
        if (!ok) return;
        if (swept) _divide();
        paidIn += amount;
        unbooked += amount;
        _divide();
    }

    /// Money comes by itself, as that of a licence does.
    function arrive(uint256 seed) external {
        uint256 amount = _amount(seed);
        if (f.currency() != address(0)) {
            coin.mint(address(f), amount);
        } else {
            vm.deal(relayer, amount);
            isTrue(_call(relayer, amount, ""), "arrive");
        }
        paidIn += amount;
        unbooked += amount;
        ++done["arrive"];
    }

    function collect(uint256 seed) external {
        uint256 units = left();
        bool allowed = units == 0 ? unbooked != 0 : unbooked >= units;
        bool ok = _call(_pick(seed).who, 0, abi.encodeCall(IFraction.collect, ()));
        _agree(ok, allowed, "collect");
        if (ok) _divide();
    }

    function withdraw(uint256 seed) external {
        Person storage p = _pick(seed);
        bool token = f.currency() != address(0);
        stubborn.refuse((seed >> 16) % 2 == 0);
        thief.reenter(address(f), abi.encodeCall(IFraction.withdraw, (p.who)));
        bool refuses = p.who == address(stubborn) && stubborn.refuses() && !token;
        bool ok = _call(relayer, 0, abi.encodeCall(IFraction.withdraw, (p.who)));
        _agree(ok, p.owed != 0 && !refuses, "withdraw");
        if (ok) _paid(p);
    }

    function withdrawTo(uint256 seed) external {
        Person storage p = _pick(seed);
        bool ok = _call(p.who, 0, abi.encodeCall(IFraction.withdrawTo, (address(0xFEED))));
        _agree(ok, p.owed != 0, "withdrawTo");
        if (ok) _paid(p);
    }

    function offer(uint256 seed) external {
        Person storage p = _pick(seed);
        uint256 bid = [uint256(0), 1, 2, 1e15, price, price + price / 20, price + price / 20 + 1][(seed >> 8) % 7];
        if (bid > 1e24) return;
        uint256 amount = bid * SUPPLY;
        bool isNew = bidder == address(0);
        bool enough = isNew ? bid != 0 : bid * 100 >= price * 105;
        bool allowed = !closed && enough && (isNew || nowAt <= endsAt);
        coin.reenter(address(f), abi.encodeCall(IFraction.collect, ()));
        bool swept = f.currency() != address(0) && amount != 0 && unbooked >= left() + amount;
        bool ok = _callAndPay(p.who, amount, abi.encodeCall(IFraction.offer, (uint96(bid))));
        coin.reenter(address(0), "");
        _agree(ok, allowed, "offer");
        if (!ok) return;
        paidIn += amount;
        // What had come in before, and is more than the offer that is not here yet, could be collected meanwhile.
        if (swept) {
            unbooked -= amount;
            _divide();
            unbooked += amount;
        }
        if (isNew) {
            (endsAt, delayed) = (nowAt + 7 days, false);
            ++number;
        } else {
            _person(bidder).owed += price * SUPPLY;
            if (nowAt + 1 days > endsAt) endsAt = nowAt + 1 days;
        }
        (bidder, price) = (p.who, bid);
    }

    function object(uint256 seed) external {
        Person storage p = _pick(seed);
        bool allowed = !closed && bidder != address(0) && nowAt <= endsAt && p.units != 0;
        bool ok = _call(p.who, 0, abi.encodeCall(IFraction.object, ()));
        _agree(ok, allowed, "object");
        if (!ok) return;
        (p.kind, p.round, p.locked, p.until) = (Kind.Objects, number, p.units, nowAt + 1 days);
        if (objections() > SUPPLY / 2) {
            _fail();
            ++done["fail"];
        } else if (objections() >= SUPPLY / 10 && !delayed) {
            delayed = true;
            if (nowAt + 30 days > endsAt) endsAt = nowAt + 30 days;
            ++done["delay"];
        }
    }

    function choose(uint256 seed) external {
        Person storage p = _pick(seed);
        address who = [address(0), doctor, doctor, other][(seed >> 8) % 4];
        bool allowed = !closed && who != address(0) && p.units != 0;
        bool ok = _call(p.who, 0, abi.encodeCall(IFraction.choose, (who)));
        _agree(ok, allowed, "choose");
        if (!ok) return;
        (p.kind, p.round, p.locked, p.until) = (Kind.Chooses, elections, p.units, nowAt + 1 days);
        p.candidate = who;
        if (votes(who) <= SUPPLY / 2) return;
        chief = who;
        ++elections;
        ++done["elect"];
    }

    function unlock(uint256 seed) external {
        Person storage p = _pick(seed);
        bool ok = _call(p.who, 0, abi.encodeCall(IFraction.unlock, ()));
        _agree(ok, p.locked != 0 && nowAt > p.until, "unlock");
        if (ok) (p.kind, p.locked) = (Kind.None, 0);
    }

    function close(uint256 seed) external {
        bool allowed = !closed && bidder != address(0) && nowAt > endsAt;
        bool ok = _call(_pick(seed).who, 0, abi.encodeCall(IFraction.close, ()));
        _agree(ok, allowed, "close");
        if (ok) closed = true;
    }

    function redeem(uint256 seed) external {
        Person storage p = _pick(seed);
        address to = address(0xFEED);
        bool ok = _call(p.who, 0, abi.encodeCall(IFraction.redeem, (to)));
        _agree(ok, closed && p.units != 0, "redeem");
        if (!ok) return;
        p.owed += p.units * price;
        (p.units, p.locked, p.kind) = (0, 0, Kind.None);
        _paid(p);
    }

    function reunite(uint256 seed) external {
        Person storage p = _pick(seed);
        bool won = bidder != address(0) && nowAt > endsAt;
        bool ok = _call(p.who, 0, abi.encodeCall(IFraction.reunite, ()));
        _agree(ok, !closed && !won && p.units == SUPPLY, "reunite");
        if (!ok) return;
        if (bidder != address(0)) _fail();
        (p.units, p.locked, p.kind) = (0, 0, Kind.None);
        (bidder, closed) = (p.who, true);
    }

    /// Who has the asset makes a next vault of it, once the last one is empty.
    function again(uint256) external {
        if (!closed || left() != 0) return;
        for (uint256 i = 0; i < people.length; ++i) {
            Person storage p = people[i];
            if (p.owed == 0) continue;
            isTrue(_call(p.who, 0, abi.encodeCall(IFraction.withdrawTo, (address(0xFEED)))), "the last money goes");
            _paid(p);
        }
        eq(here(), unbooked, "nothing stays but what was not collected");
        _open();
        ++done["again"];
    }

    function wait_(uint256 seed) external {
        nowAt += seed % 2 == 0 ? seed % 6 hours : seed % 4 days;
        vm.warp(nowAt);
        ++done["wait"];
    }

    function owner() external view returns (address) {
        return assets.ownerOf(id);
    }

    function candidate(uint256 i) external view returns (address) {
        return i == 0 ? doctor : other;
    }

    function stolen() external view returns (uint256) {
        return thief.reentered();
    }

    function _open() private {
        address taker = assets.ownerOf(id);
        FractionTerms memory t = terms(vaults % 2 == 0 ? address(0) : address(coin));
        t.salt = bytes32(vaults++);
        bytes memory data = abi.encode(t);
        vm.prank(taker);
        assets.safeTransferFrom(taker, address(fractions), id, data);
        f = Fraction(fractions.fractionOf(id, t));
        for (uint256 i = 0; i < people.length; ++i) {
            address who = people[i].who;
            people[i] = Person(who, 0, 0, 0, Kind.None, 0, address(0), 0);
        }
        _person(taker).units = SUPPLY;
        (bidder, price, endsAt, number, elections) = (address(0), 0, 0, 0, 0);
        (chief, delayed, closed) = (steward, false, false);
        (unbooked, paidIn, paidOut) = (0, 0, 0);
    }

    function _divide() private {
        uint256 units = left();
        if (units == 0) {
            _person(bidder).owed += unbooked;
            unbooked = 0;
            return;
        }
        uint256 each = unbooked / units;
        for (uint256 i = 0; i < people.length; ++i) {
            people[i].owed += people[i].units * each;
            unbooked -= people[i].units * each;
        }
    }

    function _fail() private {
        _person(bidder).owed += price * SUPPLY;
        (bidder, price) = (address(0), 0);
    }

    function _paid(Person storage p) private {
        paidOut += p.owed;
        p.owed = 0;
    }

    function _agree(bool ok, bool allowed, string memory what) private {
        if (ok != allowed) revert NotTrue(string.concat(what, ok ? ": done, but not allowed" : ": refused, but allowed"));
        ++done[string.concat(what, ok ? "" : " refused")];
    }

    function _call(address who, uint256 valueWei, bytes memory data) private returns (bool ok) {
        vm.prank(who);
        (ok,) = address(f).call{value: valueWei}(data);
    }

    /// @dev A call that pays in the currency of the vault.
    function _callAndPay(address who, uint256 amount, bytes memory data) private returns (bool) {
        if (f.currency() == address(0)) {
            vm.deal(who, who.balance + amount);
            return _call(who, amount, data);
        }
        coin.mint(who, amount);
        vm.prank(who);
        coin.approve(address(f), amount);
        return _call(who, 0, data);
    }

    function _amount(uint256 seed) private pure returns (uint256) {
        return [uint256(1), 7, 999, 1000, 1_000_003, 1 ether + 1][(seed >> 8) % 6];
    }

    function _pick(uint256 seed) private view returns (Person storage) {
        return people[seed % people.length];
    }

    function _person(address who) private view returns (Person storage) {
        for (uint256 i = 0; i < people.length; ++i) {
            if (people[i].who == who) return people[i];
        }
        revert NotTrue("a stranger");
    }
}
