// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {Demand, ICreators, Issue, IssueState, Right, Terms, Token} from "../src/ICreators.sol";
import {ILedger} from "../src/ILedger.sol";
import {ITill} from "../src/ITill.sol";
import {CreatorsFixture} from "./CreatorsFixture.sol";
import {SumTree, Weight} from "./SumTree.sol";

/// @notice Two creators, a panel, holders, patients and time over a few issues in two currencies; and a model of it.
/// @dev Each step tries one call, whether it is allowed or not; the model says beforehand if it may succeed, and shares no
/// code with the contract.
contract CreatorsHandler is CreatorsFixture {
    struct Item {
        Terms terms;
        uint256 id;
        IssueState state;
        uint256 sold;
        uint256 demands;
        uint256 lost; // compensations
        uint256 freed; // of rights that were used up
        address till;
        uint256 came; // to the till
        uint256 owed; // to the till, still in the contract
    }

    struct Piece {
        uint256 id;
        uint256 item;
        address owner;
        uint256 nonce;
        uint256 spent;
        uint256 right;
        Demand demand;
        uint256 dueAt;
        bytes32 caseId;
    }

    uint256 internal constant SUPPLY = 3;
    uint256 internal constant TRUST = 12; // promises of each creator: two issues

    Item[] internal items;
    Piece[] internal pieces;
    uint256[2] private keys = [DOCTOR_KEY, OTHER_KEY]; // the creators
    mapping(address creator => mapping(address currency => uint256)) internal free;
    mapping(address creator => uint256) internal promised;
    mapping(address payee => mapping(address currency => uint256)) internal due;
    uint256 public nowAt = START;
    uint256 private salts;
    mapping(string step => uint256 count) public done;

    constructor() {
        setUp();
        deployCreators();
        trust(doctor, uint32(TRUST), 0);
        trust(other, uint32(TRUST / 2), uint32(TRUST / 2));
    }

    // What must hold. The walks are here and not in the invariants: a call from a test is a transaction, and slow.

    function issuesAreAsTheModelSays() external view {
        for (uint256 i = 0; i < items.length; ++i) {
            Item storage m = items[i];
            Issue memory it = creators.issue(m.id);
            eq(uint256(it.state), uint256(m.state), "state");
            eq(it.sold, m.sold, "sold");
            eq(it.demands, m.demands, "demands");
            isTrue(it.sold <= SUPPLY, "supply");
            eq(it.bonded, bondedOf(m), "bonded");
            isTrue(m.lost <= PLEDGE * m.sold, "slashing is at most the stake");
        }
    }

    /// @dev From the tokens: what each right that is not used up needs, and what was never sold.
    function eachRightIsCovered() external view {
        for (uint256 i = 0; i < items.length; ++i) {
            Item storage m = items[i];
            if (m.state == IssueState.Ended) continue;
            uint256 need = m.state == IssueState.Open ? (SUPPLY - m.sold) * PLEDGE : 0;
            for (uint256 k = 0; k < pieces.length; ++k) {
                if (pieces[k].item != i) continue;
                if (pieces[k].spent & 1 == 0) need += 0.3 ether;
                if (pieces[k].spent & 2 == 0) need += 0.2 ether;
            }
            eq(creators.issue(m.id).bonded, need, "covered");
        }
    }

    function tokensAreAsTheModelSays() external view {
        for (uint256 k = 0; k < pieces.length; ++k) {
            Piece storage p = pieces[k];
            Token memory t = creators.token(p.id);
            eq(t.owner, p.owner, "owner");
            eq(uint256(t.nonce), p.nonce, "nonce");
            eq(t.spent, p.spent, "spent");
            eq(uint256(t.demand), uint256(p.demand), "demand");
            eq(t.dueAt, p.dueAt, "due");
            if (p.demand == Demand.Contested) eq(creators.caseOf(p.id), p.caseId, "the case that the panel has");
        }
    }

    function moneyAddsUp() external view {
        address[2] memory currencies = [NATIVE, address(cash)];
        for (uint256 c = 0; c < 2; ++c) {
            address currency = currencies[c];
            uint256 all = 0;
            for (uint256 i = 0; i < items.length; ++i) {
                Item storage m = items[i];
                if (m.terms.currency != currency) continue;
                all += bondedOf(m) + m.owed;
                eq(creators.owed(currency, m.till), m.owed, "owed to the till");
            }
            for (uint256 w = 0; w < 4; ++w) {
                address who = personOf(w);
                eq(creators.freeStake(who, currency), free[who][currency], "free");
                eq(creators.owed(currency, who), due[who][currency], "owed");
                all += free[who][currency] + due[who][currency];
            }
            uint256 here = currency == NATIVE ? address(creators).balance : cash.balanceOf(address(creators));
            eq(here, all, "what is here is what is promised");
        }
        isTrue(creators.promisesOf(doctor) == promised[doctor] && promised[doctor] <= TRUST, "promises");
        isTrue(creators.promisesOf(other) == promised[other] && promised[other] <= TRUST, "promises");
    }

    function patientsHaveTheirPart() external view {
        Weight[] memory list = patients();
        for (uint256 i = 0; i < items.length; ++i) {
            Item storage m = items[i];
            if (m.till == address(0)) continue;
            ITill till = ITill(m.till);
            address currency = m.terms.currency;
            eq(till.cameIn(currency), m.came, "came");
            uint256 part = m.came - m.came * 7500 / 10_000;
            uint256 sum = 0;
            for (uint256 k = 0; k < 5; ++k) {
                uint256 had = till.taken(currency, SumTree.leafOf(list[k]));
                isTrue(had <= part * list[k].weight / 17, "no more than the weight");
                sum += had;
            }
            isTrue(sum <= part && till.taken(currency, 0) <= m.came - part, "each its part");
            uint256 here = currency == NATIVE ? m.till.balance : cash.balanceOf(m.till);
            eq(here, m.came - sum - till.taken(currency, 0), "and the rest is here");
        }
    }

    // Steps.

    function stake(uint256 seed) external {
        address creator = vm.addr(keys[seed % 2]);
        address currency = currencyOf(seed >> 8);
        stakeFor(creator, currency, uint128(PLEDGE * 2));
        free[creator][currency] += PLEDGE * 2;
        ++done["stake"];
    }

    function unstake(uint256 seed) external {
        address creator = vm.addr(keys[seed % 2]);
        address currency = currencyOf(seed >> 8);
        uint256 amount = (seed >> 16) % (2 * PLEDGE);
        bool own = (seed >> 240) % 4 != 0;
        address who = own ? creator : JURY;
        // Carried by another with a signature, sometimes too late.
        uint256 lastAt = (seed >> 224) % 2 == 0 ? nowAt : nowAt - 1;
        bool signs = (seed >> 232) % 2 == 0;
        bytes32 hash = unstakeHash(currency, amount, creators.unstakes(creator), lastAt);
        bytes memory signed = signature(signs ? keys[seed % 2] : 0xBAD, hash);
        bool ok = tried(who, 0, abi.encodeCall(ICreators.unstake, (creator, currency, amount, lastAt, signed)));
        bool may = own || (signs && lastAt == nowAt);
        agree(ok, may && amount != 0 && amount <= free[creator][currency], "unstake");
        if (!ok) return;
        if (!own) ++done["unstake carried"];
        free[creator][currency] -= amount;
        due[creator][currency] += amount;
    }

    function open(uint256 seed) external {
        Terms memory t = usualIssue();
        uint256 key = keys[seed % 2];
        (t.creator, t.currency, t.supply) = (vm.addr(key), currencyOf(seed >> 8), uint16(SUPPLY));
        bool again = items.length != 0 && (seed >> 16) % 8 == 0;
        (t.saleEndsAt, t.until, t.salt) = (uint64(nowAt + 20 days), uint64(nowAt + 40 days), ++salts);
        if ((seed >> 24) % 4 == 0) t.panel = address(0);
        if (again) t = items[(seed >> 32) % items.length].terms;
        if (again) key = t.creator == doctor ? DOCTOR_KEY : OTHER_KEY;
        bool forged = (seed >> 40) % 8 == 0;
        bytes memory signed = signature(forged ? 0xBAD : key, hashOf(t));
        bool enough = free[t.creator][t.currency] >= SUPPLY * PLEDGE && promised[t.creator] + 2 * SUPPLY <= TRUST;
        bytes memory data = abi.encodeCall(ICreators.open, (t, usualRights(), attesters, signed));
        bool ok = tried(relayer, 0, data);
        agree(ok, !again && !forged && enough && nowAt >= stop.until(), "open");
        if (!ok) return;
        free[t.creator][t.currency] -= SUPPLY * PLEDGE;
        promised[t.creator] += 2 * SUPPLY;
        Item storage m = items.push();
        (m.terms, m.id, m.state) = (t, idOf(t), IssueState.Open);
        m.till = creators.tillOf(m.id);
    }

    function buy(uint256 seed) external {
        if (items.length == 0) return;
        Item storage m = items[seed % items.length];
        Terms memory t = m.terms;
        address holder = personOf((seed >> 8) % 4);
        uint256 valueWei = t.currency == NATIVE ? uint256(PRICE) + ((seed >> 16) % 8 == 0 ? 1 : 0) : 0;
        bool exact = valueWei == 0 || valueWei == PRICE;
        bool allowed = m.state == IssueState.Open && m.sold < SUPPLY && nowAt <= t.saleEndsAt && nowAt >= stop.until();
        bool ok = tried(relayer, valueWei, abi.encodeCall(ICreators.buy, (t, holder)));
        agree(ok, allowed && exact, "buy");
        if (!ok) return;
        Piece storage p = pieces.push();
        (p.id, p.item, p.owner) = (m.id + ++m.sold, seed % items.length, holder);
        m.owed += PRICE;
    }

    function transfer(uint256 seed) external {
        if (pieces.length == 0) return;
        Piece storage p = pieces[seed % pieces.length];
        address to = personOf((seed >> 8) % 4);
        address who = (seed >> 16) % 8 == 0 ? relayer : p.owner;
        bool ok = tried(who, 0, abi.encodeCall(IERC721.transferFrom, (p.owner, to, p.id)));
        agree(ok, who == p.owner && p.demand == Demand.None, "transfer");
        if (ok) (p.owner, p.nonce) = (to, p.nonce + 1);
    }

    /// To somebody who never uses it.
    function permit(uint256 seed) external {
        if (pieces.length == 0) return;
        Piece storage p = pieces[seed % pieces.length];
        bool signs = (seed >> 8) % 8 != 0 && p.owner != buyer; // who has no key
        uint256 key = p.owner == doctor ? DOCTOR_KEY : p.owner == other ? OTHER_KEY : PATIENT_KEY;
        bytes memory signed = signature(signs ? key : 0xBAD, permitHash(JURY, p.id, p.nonce, nowAt));
        bool ok = tried(relayer, 0, abi.encodeCall(ICreators.permit, (JURY, p.id, nowAt, signed)));
        agree(ok, signs && p.demand == Demand.None, "permit");
        if (ok) ++p.nonce;
    }

    function demand(uint256 seed) external {
        if (pieces.length == 0) return;
        Piece storage p = pieces[seed % pieces.length];
        Item storage m = items[p.item];
        uint256 right = (seed >> 8) % 3;
        address who = (seed >> 16) % 8 == 0 ? relayer : p.owner;
        bytes memory data = abi.encodeCall(ICreators.demand, (m.terms, usualRights(), p.id, right, nowAt, ""));
        bool left = right < 2 && p.spent >> right & 1 == 0;
        bool ok = tried(who, 0, data);
        left = left && (right == 0 || nowAt > p.dueAt);
        agree(ok, who == p.owner && p.demand == Demand.None && left && nowAt <= m.terms.until, "demand");
        if (!ok) return;
        p.demand = Demand.Demanded;
        p.right = right;
        p.dueAt = nowAt + 7 days;
        ++p.nonce;
        ++m.demands;
    }

    function honour(uint256 seed) external {
        if (pieces.length == 0) return;
        Piece storage p = pieces[seed % pieces.length];
        Item storage m = items[p.item];
        uint256 right = (seed >> 8) % 2;
        address who = (seed >> 16) % 8 == 0 ? relayer : p.owner;
        bytes memory data = abi.encodeCall(ICreators.honour, (m.terms, usualRights(), p.id, right, ""));
        bool asked = p.demand == Demand.None ? right == 0 : p.right == right;
        bool allowed = who == p.owner && asked && p.spent >> right & 1 == 0 && m.state != IssueState.Ended;
        bool ok = tried(who, 0, data);
        agree(ok, allowed, "honour");
        if (!ok) return;
        if (p.demand != Demand.None) --m.demands;
        honoured(p, m, right);
    }

    function contest(uint256 seed) external {
        if (pieces.length == 0) return;
        Piece storage p = pieces[seed % pieces.length];
        Item storage m = items[p.item];
        address who = (seed >> 16) % 8 == 0 ? relayer : m.terms.creator;
        bool allowed = who != relayer && p.demand == Demand.Demanded && nowAt <= p.dueAt && m.terms.panel != address(0);
        bool ok = tried(who, 0, abi.encodeCall(ICreators.contest, (m.terms, p.id, "evidence", "")));
        agree(ok, allowed, "contest");
        if (!ok) return;
        (p.demand, p.dueAt, p.caseId) = (Demand.Contested, nowAt + 30 days, keccak256(abi.encode(p.id, p.nonce)));
    }

    function decide(uint256 seed) external {
        if (pieces.length == 0) return;
        Piece storage p = pieces[seed % pieces.length];
        address who = (seed >> 16) % 8 == 0 ? relayer : JURY;
        bool right = (seed >> 24) % 2 == 0;
        bool ok = tried(who, 0, abi.encodeWithSignature("decide(bytes32,bool)", p.caseId, right));
        agree(ok, who == JURY && p.demand == Demand.Contested && nowAt <= p.dueAt, "decide");
        if (ok) p.demand = right ? Demand.Upheld : Demand.Broken;
    }

    function settle(uint256 seed) external {
        if (pieces.length == 0) return;
        Piece storage p = pieces[seed % pieces.length];
        Item storage m = items[p.item];
        bool decided = p.demand == Demand.Upheld || p.demand == Demand.Broken;
        bool ok = tried(relayer, 0, abi.encodeCall(ICreators.settle, (m.terms, usualRights(), p.id)));
        agree(ok, p.demand != Demand.None && (decided || nowAt > p.dueAt), "settle");
        if (!ok) return;
        --m.demands;
        if (p.demand == Demand.Upheld) {
            honoured(p, m, p.right);
            return;
        }
        uint256 amount = p.right == 0 ? 0.3 ether : 0.2 ether;
        (p.demand, p.spent, m.lost) = (Demand.None, p.spent | 1 << p.right, m.lost + amount);
        p.dueAt = 0;
        due[p.owner][m.terms.currency] += amount;
    }

    function honoured(Piece storage p, Item storage m, uint256 right) private {
        p.demand = Demand.None;
        if (right != 0) return;
        p.spent |= 1;
        m.freed += 0.3 ether;
        free[m.terms.creator][m.terms.currency] += 0.3 ether;
    }

    function close(uint256 seed) external {
        if (items.length == 0) return;
        Item storage m = items[seed % items.length];
        address who = (seed >> 16) % 2 == 0 ? relayer : m.terms.creator;
        bool allowed = m.state == IssueState.Open && (who != relayer || nowAt > m.terms.saleEndsAt);
        bool ok = tried(who, 0, abi.encodeCall(ICreators.close, (m.terms, usualRights(), "")));
        agree(ok, allowed, "close");
        if (!ok) return;
        m.state = IssueState.Closed;
        promised[m.terms.creator] -= 2 * (SUPPLY - m.sold);
        free[m.terms.creator][m.terms.currency] += (SUPPLY - m.sold) * PLEDGE;
    }

    function end(uint256 seed) external {
        if (items.length == 0) return;
        Item storage m = items[seed % items.length];
        bool alive = m.state == IssueState.Open || m.state == IssueState.Closed;
        uint256 left = bondedOf(m);
        bool ok = tried(relayer, 0, abi.encodeCall(ICreators.end, (m.terms)));
        agree(ok, alive && nowAt > m.terms.until && m.demands == 0, "end");
        if (!ok) return;
        promised[m.terms.creator] -= 2 * (m.state == IssueState.Open ? SUPPLY : m.sold);
        free[m.terms.creator][m.terms.currency] += left;
        m.state = IssueState.Ended;
    }

    function withdraw(uint256 seed) external {
        bool toTill = items.length != 0 && seed % 2 == 0;
        if (toTill) {
            Item storage m = items[(seed >> 8) % items.length];
            bool sent = tried(relayer, 0, abi.encodeCall(ILedger.withdraw, (m.terms.currency, m.till)));
            agree(sent, m.owed != 0, "withdraw to a till");
            if (sent) (m.came, m.owed) = (m.came + m.owed, 0);
            return;
        }
        (address who, address currency) = (personOf((seed >> 8) % 4), currencyOf(seed >> 16));
        bool ok = tried(relayer, 0, abi.encodeCall(ILedger.withdraw, (currency, who)));
        agree(ok, due[who][currency] != 0, "withdraw");
        if (ok) due[who][currency] = 0;
    }

    function royalty(uint256 seed) external {
        if (items.length == 0) return;
        Item storage m = items[seed % items.length];
        uint256 amount = (seed >> 8) % 1 ether;
        if (m.terms.currency == NATIVE) {
            vm.prank(relayer);
            (bool ok,) = m.till.call{value: amount}("");
            isTrue(ok, "royalty");
        } else {
            cash.mint(m.till, amount);
        }
        m.came += amount;
        ++done["royalty"];
    }

    function claim(uint256 seed) external {
        if (items.length == 0) return;
        Item storage m = items[seed % items.length];
        uint256 k = (seed >> 8) % 5;
        Weight[] memory list = patients();
        bool forged = (seed >> 16) % 8 == 0;
        uint256 weight = list[k].weight + (forged ? 1 : 0);
        uint256 had = ITill(m.till).taken(m.terms.currency, SumTree.leafOf(list[k]));
        uint256 part = m.came - m.came * 7500 / 10_000;
        bytes memory data = abi.encodeCall(
            ITill.claim, (m.terms.currency, list[k].account, weight, list[k].salt, SumTree.proof(list, k))
        );
        (bool ok,) = m.till.call(data);
        agree(ok, !forged && part * weight / 17 > had, "claim");
    }

    function pay(uint256 seed) external {
        if (items.length == 0) return;
        Item storage m = items[seed % items.length];
        uint256 had = ITill(m.till).taken(m.terms.currency, 0);
        (bool ok,) = m.till.call(abi.encodeCall(ITill.pay, (m.terms.currency)));
        agree(ok, m.came * 7500 / 10_000 > had, "pay");
    }

    function pause(uint256 seed) external {
        stop.pull(uint64(seed % 4 == 0 ? nowAt + 1 days : nowAt));
    }

    function wait(uint256 seed) external {
        nowAt += seed % 4 == 0 ? seed % 15 days : seed % 3 hours;
        vm.warp(nowAt);
    }

    // Helpers.

    function bondedOf(Item storage m) private view returns (uint256) {
        if (m.state == IssueState.Ended) return 0;
        return PLEDGE * (m.state == IssueState.Open ? SUPPLY : m.sold) - m.lost - m.freed;
    }

    function personOf(uint256 i) private view returns (address) {
        return [doctor, other, buyer, patient][i];
    }

    function currencyOf(uint256 seed) private view returns (address) {
        return seed % 2 == 0 ? NATIVE : address(cash);
    }

    function tried(address who, uint256 valueWei, bytes memory data) private returns (bool ok) {
        vm.prank(who);
        (ok,) = address(creators).call{value: valueWei}(data);
    }

    function agree(bool ok, bool allowed, string memory what) private {
        if (ok != allowed) revert NotTrue(string.concat(what, ok ? ": done, but not allowed" : ": refused, but allowed"));
        ++done[string.concat(what, ok ? "" : " refused")];
    }
}
