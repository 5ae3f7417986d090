// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Contribution, Entry, ICompany, Kind, Moving, Quitting, Standing} from "../src/ICompany.sol";
import {Companies, Company} from "./Faces.sol";
import {Coin} from "./hostile/Coin.sol";
import {Receiver} from "./hostile/Receiver.sol";
import {Register} from "./Register.sol";

/// @notice Random people in the register of one company, and a model of who has what.
/// @dev Each step tries one call, whether it is allowed or not. The model says beforehand if it may succeed; the
/// contract must agree, both ways. The model shares no code with the contract: it pays each dividend to each holder, and
/// writes down who had how many votes when a motion was asked. When a company is wound up or at its end, a next one is
/// founded, of the other currency.
contract CompanyHandler is Register {
    struct Person {
        address who;
        uint256 key; // zero: a contract, which signs everything
        bytes32 nullifier;
        Standing standing;
        uint256 shares;
        uint256 number; // of contributions
        uint256 owed;
        address delegatee;
    }

    struct Asked {
        Kind kind;
        uint256 value;
        uint256 askedAt;
        uint256 supply; // at the end of that second
        uint256 inFavour;
        bool executed;
    }

    uint256 private constant STEP = 1 days;
    uint32 private constant CAP = 1000;

    Company public c;
    Coin public coin;
    Companies private companies;
    Person[] private people;
    Asked[] private asked;
    mapping(uint256 motion => mapping(address voter => uint256)) private votesOf;
    mapping(uint256 motion => mapping(address voter => bool)) private voted;
    mapping(bytes32 nullifier => bool) private inside;
    mapping(string step => uint256 count) public done;

    // The model of the company.
    uint256 public cap;
    uint256 public reserve;
    mapping(address company => mapping(Kind kind => uint256 number)) private latest; // executed
    uint256 public unbooked; // came in and was not collected, or did not divide
    uint256 public paidIn;
    uint256 public paidOut;
    uint256 public dividends; // deposited or come by themselves, or of a winding-up
    uint256 public dividendsOwed; // ever
    uint256 public nowAt = START;
    uint256 public companiesMade;
    uint256 public registrarKey;
    bool public woundUp;
    uint256 public raised; // times that holders raised the cap
    uint256 private keys;

    Receiver private thief;
    Receiver private stubborn;

    constructor() {
        vm.warp(START);
        companies = Companies(deploy("Companies", abi.encode(address(0))));
        thief = new Receiver();
        stubborn = new Receiver();
        coin = new Coin(Coin.Habit.CallsBack);
        _open();
    }

    function setUp() public override {}

    function person(uint256 i) external view returns (Person memory) {
        return people[i];
    }

    function count() external view returns (uint256) {
        return people.length;
    }

    function motionsAsked() external view returns (uint256) {
        return asked.length;
    }

    function motionAsked(uint256 i) external view returns (Asked memory) {
        return asked[i];
    }

    function here() public view returns (uint256) {
        return c.currency() == address(0) ? address(c).balance : coin.balanceOf(address(c));
    }

    function supply() public view returns (uint256 sum) {
        for (uint256 i = 0; i < people.length; ++i) {
            sum += people[i].shares;
        }
    }

    function votes(address who) public view returns (uint256 sum) {
        for (uint256 i = 0; i < people.length; ++i) {
            if (people[i].delegatee == who) sum += people[i].shares;
        }
    }

    function stolen() external view returns (uint256) {
        return thief.reentered();
    }

    function join(uint256 seed) external {
        Person storage p = _pick(seed);
        bytes32 nullifier = (seed >> 8) % 4 == 0 ? _pick(seed >> 16).nullifier : p.nullifier;
        Entry memory e = entryFor(p.who, nullifier);
        uint256 signer = (seed >> 24) % 8 == 0 ? OTHER_KEY : registrarKey;
        bytes32 signed = entryDigest(c, e);
        bool good = signer == registrarKey && !woundUp && p.standing == Standing.None && !inside[nullifier];
        bytes memory a = signature(signer, signed);
        _agree(_call(relayer, 0, abi.encodeCall(ICompany.join, (e, a, _by(p, signed)))), good, "join");
        if (!good) return;
        p.standing = Standing.Member;
        p.nullifier = nullifier;
        inside[nullifier] = true;
    }

    function contribute(uint256 seed) external {
        Person storage p = _pick(seed);
        if (cap == 0) return;
        Contribution memory d = contributionOf(c, p.who, uint32((seed >> 8) % 400));
        if ((seed >> 24) % 8 == 0) ++d.number;
        if ((seed >> 32) % 8 == 0) --d.cap;
        bool good = p.standing == Standing.Member && !woundUp && d.number == p.number && d.cap >= cap
            && d.shares != 0 && d.shares <= cap - supply();
        bytes32 signed = contributionDigest(c, d);
        bytes memory a = signature(registrarKey, signed);
        _agree(_call(relayer, 0, abi.encodeCall(ICompany.contribute, (d, a, _by(p, signed)))), good, "contribute");
        if (!good) return;
        p.shares += d.shares;
        ++p.number;
    }

    /// To a fresh key, or to one that is known here.
    function move(uint256 seed) external {
        Person storage p = _pick(seed);
        Person storage other_ = _pick(seed >> 16);
        bool fresh = (seed >> 8) % 4 != 0;
        if (p.key == 0 || other_.key == 0 || (!fresh && other_.standing == Standing.None)) return;
        uint256 key = fresh ? ++keys + 0x4E3000 : other_.key;
        Moving memory m = Moving(p.who, vm.addr(key), later());
        bytes32 signed = movingDigest(c, m);
        bool good = p.standing == Standing.Member && fresh;
        bytes memory b = signature(key, signed);
        _agree(_call(relayer, 0, abi.encodeCall(ICompany.move, (m, _by(p, signed), b))), good, "move");
        if (!good) return;
        if (p.delegatee == p.who) p.delegatee = m.to;
        (p.who, p.key) = (m.to, key);
    }

    function quit(uint256 seed) external {
        if ((seed >> 8) % 4 != 0) return; // else nobody would be left
        Person storage p = _pick(seed);
        uint256 part = p.shares == 0 ? 0 : reserve * p.shares / cap;
        uint96 least = uint96((seed >> 16) % 4 == 0 ? part + 1 : part);
        Quitting memory q = Quitting(p.who, least, later());
        bool good = p.standing == Standing.Member && part >= least;
        bytes memory signed = _by(p, quittingDigest(c, q));
        _agree(_call(relayer, 0, abi.encodeCall(ICompany.quit, (q, signed))), good, "quit");
        if (!good) return;
        if (supply() != 0 && unbooked >= supply()) _divide();
        isTrue((reserve - part) * cap >= reserve * (cap - p.shares), "nobody else's part falls");
        reserve -= part;
        cap -= p.shares;
        p.owed += part;
        (p.shares, p.standing) = (0, Standing.Left);
    }

    function transfer(uint256 seed) external {
        Person storage a = _pick(seed);
        Person storage b = _pick(seed >> 8);
        uint256 shares = (seed >> 16) % (a.shares + 2);
        bool good = shares <= a.shares && a.standing == Standing.Member && b.standing == Standing.Member;
        _agree(_call(a.who, 0, abi.encodeCall(c.transfer, (b.who, shares))), good, "transfer");
        if (!good) return;
        a.shares -= shares;
        b.shares += shares;
    }

    function delegate(uint256 seed) external {
        Person storage p = _pick(seed);
        address to = (seed >> 8) % 4 == 0 ? address(0) : _pick(seed >> 16).who;
        isTrue(_call(p.who, 0, abi.encodeCall(c.delegate, (to))), "delegate");
        p.delegatee = to == address(0) ? p.who : to;
        ++done["delegate"];
    }

    function deposit(uint256 seed) external {
        uint256 amount = _amount(seed);
        coin.reenter(address(c), abi.encodeCall(ICompany.collect, ()));
        bool ok = _callAndPay(relayer, amount, abi.encodeCall(ICompany.deposit, (amount)));
        coin.reenter(address(0), "");
        uint256 sum = supply();
        _agree(ok, sum != 0 && unbooked + amount >= sum, "deposit");
        if (!ok) return;
        paidIn += amount;
        dividends += amount;
        unbooked += amount;
        _divide();
    }

    /// Money comes by itself.
    function arrive(uint256 seed) external {
        uint256 amount = _amount(seed);
        if (c.currency() != address(0)) {
            coin.mint(address(c), amount);
        } else {
            vm.deal(relayer, amount);
            isTrue(_call(relayer, amount, ""), "arrive");
        }
        paidIn += amount;
        dividends += amount;
        unbooked += amount;
        ++done["arrive"];
    }

    function collect(uint256 seed) external {
        uint256 sum = supply();
        bool good = sum != 0 && unbooked >= sum;
        _agree(_call(_pick(seed).who, 0, abi.encodeCall(ICompany.collect, ())), good, "collect");
        if (good) _divide();
    }

    function endow(uint256 seed) external {
        uint256 amount = (seed >> 8) % 8 == 0 ? 0 : _amount(seed);
        coin.reenter(address(c), abi.encodeCall(ICompany.collect, ()));
        bool ok = _callAndPay(relayer, amount, abi.encodeCall(ICompany.endow, (amount)));
        coin.reenter(address(0), "");
        _agree(ok, amount != 0 && supply() != 0 && !woundUp, "endow");
        if (!ok) return;
        paidIn += amount;
        reserve += amount;
    }

    function withdraw(uint256 seed) external {
        Person storage p = _pick(seed);
        stubborn.refuse((seed >> 16) % 2 == 0);
        thief.reenter(address(c), abi.encodeCall(ICompany.withdraw, (p.who)));
        bool refuses = p.who == address(stubborn) && stubborn.refuses() && c.currency() == address(0);
        bool ok = _call(relayer, 0, abi.encodeCall(ICompany.withdraw, (p.who)));
        _agree(ok, p.owed != 0 && !refuses, "withdraw");
        if (ok) _paid(p);
    }

    function withdrawTo(uint256 seed) external {
        Person storage p = _pick(seed);
        bool ok = _call(p.who, 0, abi.encodeCall(ICompany.withdrawTo, (address(0xFEED))));
        _agree(ok, p.owed != 0, "withdrawTo");
        if (ok) _paid(p);
    }

    function propose(uint256 seed) external {
        _pass(1); // the second before ends as it is now
        Person storage p = _pick(seed);
        Kind kind = (seed >> 8) % 16 == 0 ? Kind.WindUp : (seed >> 8) % 2 == 0 ? Kind.Cap : Kind.Registrar;
        uint256 value = 0;
        if (kind == Kind.Cap) value = (seed >> 16) % (cap * 2 + 2);
        if (kind == Kind.Registrar) value = uint160((seed >> 16) % 2 == 0 ? registrar : doctor);
        bool possible = kind != Kind.Cap || (value != 0 && value <= cap * 2);
        bool good = possible && !woundUp && votes(p.who) > supply() / 100;
        bytes memory call = abi.encodeCall(ICompany.propose, (p.who, kind, uint160(value), later(), ""));
        _agree(_call(p.who, 0, call), good, "propose");
        if (!good) return;
        asked.push(Asked(kind, value, nowAt, supply(), 0, false));
        for (uint256 i = 0; i < people.length; ++i) {
            votesOf[_id(asked.length)][people[i].delegatee] = votes(people[i].delegatee);
        }
        _pass(1); // and so does the one in which it was asked
    }

    function support(uint256 seed) external {
        if (asked.length == 0) return;
        uint256 number = asked.length - (seed >> 8) % (asked.length < 3 ? asked.length : 3);
        Person storage p = _pick(seed);
        Asked storage a = asked[number - 1];
        uint256 weight = votesOf[_id(number)][p.who];
        bool good = nowAt <= a.askedAt + 7 days && weight != 0 && !voted[_id(number)][p.who];
        bytes memory signed = _by(p, supportDigest(c, number));
        _agree(_call(relayer, 0, abi.encodeCall(ICompany.support, (number, p.who, signed))), good, "support");
        if (!good) return;
        a.inFavour += weight;
        voted[_id(number)][p.who] = true;
    }

    /// Each with votes is for a motion that is open: else hardly any would be carried.
    function rally(uint256) external {
        if (asked.length == 0) return;
        uint256 number = asked.length;
        Asked storage a = asked[number - 1];
        if (nowAt > a.askedAt + 7 days) return;
        for (uint256 i = 0; i < people.length; ++i) {
            Person storage p = people[i];
            if (votesOf[_id(number)][p.who] == 0 || voted[_id(number)][p.who]) continue;
            bytes memory signed = _by(p, supportDigest(c, number));
            isTrue(_call(relayer, 0, abi.encodeCall(ICompany.support, (number, p.who, signed))), "rally");
            a.inFavour += votesOf[_id(number)][p.who];
            voted[_id(number)][p.who] = true;
        }
        ++done["rally"];
    }

    function execute(uint256 seed) external {
        if (asked.length == 0) return;
        uint256 number = asked.length - (seed >> 8) % (asked.length < 3 ? asked.length : 3);
        Asked storage a = asked[number - 1];
        bool inTime = nowAt > a.askedAt + 14 days && nowAt <= a.askedAt + 28 days;
        bool possible = a.kind == Kind.WindUp ? supply() != 0 : true;
        bool good = inTime && !a.executed && !woundUp && possible && a.inFavour * 2 > a.supply
            && number >= latest[address(c)][a.kind];
        _agree(_call(relayer, 0, abi.encodeCall(ICompany.execute, (number))), good, "execute");
        if (!good) return;
        a.executed = true;
        latest[address(c)][a.kind] = number;
        if (a.kind == Kind.Cap) {
            uint256 next = a.value < supply() ? supply() : a.value > cap * 2 ? cap * 2 : a.value;
            if (next > cap) ++raised;
            cap = next;
            ++done["cap"];
        } else if (a.kind == Kind.Registrar) {
            registrarKey = a.value == uint160(registrar) ? REGISTRAR_KEY : DOCTOR_KEY;
            ++done["registrar"];
        } else {
            woundUp = true;
            cap = supply();
            // As if all of it had come as a dividend, but that what waited already is not divided by it.
            uint256 each = reserve / cap;
            dividends += reserve;
            unbooked += reserve - each * cap;
            reserve = 0;
            _give(each);
            ++done["windUp"];
        }
    }

    /// What is over is followed by a next company.
    function again(uint256 seed) external {
        if (!_over() && !(woundUp && seed % 4 == 0)) return;
        for (uint256 i = 0; i < people.length; ++i) {
            Person storage p = people[i];
            if (p.owed == 0) continue;
            isTrue(_call(p.who, 0, abi.encodeCall(ICompany.withdrawTo, (address(0xFEED)))), "the last money goes");
            _paid(p);
        }
        eq(here(), unbooked + reserve, "nothing stays but what is nobody's");
        _open();
        ++done["again"];
    }

    function wait_(uint256 seed) external {
        _pass(seed % 2 == 0 ? 1 + seed % 6 hours : 1 + (seed >> 8) % 8 * STEP);
        ++done["wait"];
    }

    function _pass(uint256 time) private {
        nowAt += time;
        vm.warp(nowAt);
    }

    function _open() private {
        delete people;
        address[6] memory who = [ann, ben, cat, vm.addr(OTHER_KEY), address(thief), address(stubborn)];
        uint256[6] memory key = [ANN_KEY, BEN_KEY, CAT_KEY, OTHER_KEY, 0, 0];
        _pass(1);
        c = founded(companies, companiesMade % 2 == 0 ? address(0) : address(coin), CAP + uint32(companiesMade));
        cap = CAP + companiesMade++;
        for (uint256 i = 0; i < 6; ++i) {
            bytes32 nullifier = keccak256(abi.encode("person", companiesMade, i));
            people.push(Person(who[i], key[i], nullifier, Standing.None, 0, 0, 0, who[i]));
        }
        delete asked;
        (reserve, unbooked, paidIn, paidOut, dividends, dividendsOwed) = (0, 0, 0, 0, 0, 0);
        (woundUp, registrarKey) = (false, REGISTRAR_KEY);
    }

    function _divide() private {
        uint256 each = unbooked / supply();
        unbooked -= each * supply();
        _give(each);
    }

    function _give(uint256 each) private {
        for (uint256 i = 0; i < people.length; ++i) {
            people[i].owed += people[i].shares * each;
            dividendsOwed += people[i].shares * each;
        }
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
        (ok,) = address(c).call{value: valueWei}(data);
    }

    /// @dev A call that pays in the currency of the company.
    function _callAndPay(address who, uint256 amount, bytes memory data) private returns (bool) {
        if (c.currency() == address(0)) {
            vm.deal(who, who.balance + amount);
            return _call(who, amount, data);
        }
        coin.mint(who, amount);
        vm.prank(who);
        coin.approve(address(c), amount);
        return _call(who, 0, data);
    }

    function _by(Person storage p, bytes32 signed) private view returns (bytes memory) {
        return p.key == 0 ? bytes("") : signature(p.key, signed);
    }

    function _standing(address who) private view returns (Standing now_) {
        (now_,) = c.entryOf(who);
    }

    /// @dev Whether nobody can hold shares any more.
    function _over() private view returns (bool) {
        for (uint256 i = 0; i < people.length; ++i) {
            if (people[i].standing != Standing.Left) return cap == 0;
        }
        return true;
    }

    /// @dev The same number is another motion in each company.
    function _id(uint256 number) private view returns (uint256) {
        return companiesMade * 1e6 + number;
    }

    function _amount(uint256 seed) private pure returns (uint256) {
        return [uint256(1), 7, 999, 1000, 1_000_003, 1 ether + 1][(seed >> 16) % 6];
    }

    function _pick(uint256 seed) private view returns (Person storage) {
        return people[seed % people.length];
    }
}
