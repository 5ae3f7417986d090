// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Offer} from "../src/IExchange.sol";
import {ILedger} from "../src/ILedger.sol";
import {Answer, Deposit, IRequests, Request} from "../src/IRequests.sol";
import {RequestsFixture} from "./RequestsFixture.sol";

/// @notice Requests of one buyer in two currencies, sellers' answers of all sorts, and a model of what must be left of each
/// deposit.
/// @dev Each step tries one call, allowed or not; the model says beforehand if it may succeed, and the contract must agree,
/// both ways.
contract RequestsHandler is RequestsFixture {
    struct Item {
        Request request;
        bytes32 id;
        bool opened;
        uint256 left;
        uint256 answers;
        uint256 closesAt;
        uint256 paid; // to sellers
        uint256 back; // to the buyer
    }

    Item[] private items;
    mapping(address currency => uint256 amount) private modelOwed; // to the buyer
    mapping(address currency => uint256 amount) private inExchange;
    uint256 private nowAt = START;
    uint256 private salts;
    mapping(string step => uint256 count) public done;

    constructor() {
        setUp();
        openExchange();
        openRequests();
        enterUsual();
        for (uint256 i = 0; i < 4; ++i) {
            _add(uint256(keccak256(abi.encode(i))));
        }
    }

    function add(uint256 seed) external {
        if (items.length < 24) _add(seed);
    }

    function open(uint256 seed) external {
        Item storage it = items[seed % items.length];
        Request memory r = it.request;
        uint256 due = r.currency == address(0) ? r.price * r.answers : 0;
        bool wrong = (seed >> 16) % 8 == 0;
        bool allowed = !it.opened && !wrong && nowAt <= r.endsAt;
        bool ok = _call(other, wrong ? due + 1 : due, abi.encodeCall(IRequests.open, (r)));
        _agree(ok, allowed, "open");
        if (!ok) return;
        (it.opened, it.answers, it.closesAt) = (true, r.answers, r.endsAt);
        it.left = r.price * r.answers;
    }

    function accept(uint256 seed) external {
        Item storage it = items[seed % items.length];
        Offer memory o = answerOffer();
        o.currency = (seed >> 8) % 8 == 0 ? address(0xDEAD) : it.request.currency;
        o.price = (seed >> 16) % 8 == 0 ? it.request.price + 1 : it.request.price / ((seed >> 24) % 3 + 1);
        o.floor = o.price;
        o.endsAt = uint64(nowAt);
        o.salt = ++salts;
        Answer memory a = answerOf(o);
        bool forged = (seed >> 32) % 8 == 0;
        bool allowed = it.opened && nowAt <= it.closesAt && it.answers != 0 && o.currency == it.request.currency
            && o.price <= it.request.price && !forged;
        bytes memory signed = signature(forged ? PATIENT_KEY : OTHER_KEY, acceptHash(it.id, a));
        bool ok = _call(relayer, 0, abi.encodeCall(IRequests.accept, (it.request, a, signed)));
        _agree(ok, allowed, "accept");
        if (!ok) return;
        --it.answers;
        it.left -= o.price;
        it.paid += o.price;
        inExchange[o.currency] += o.price;
    }

    function cancel(uint256 seed) external {
        Item storage it = items[seed % items.length];
        bool forged = (seed >> 16) % 2 == 0;
        uint256 closesAt = nowAt + it.request.notice;
        bool allowed = it.opened && closesAt < it.closesAt && !forged;
        bytes memory signed = signature(forged ? PATIENT_KEY : OTHER_KEY, cancelRequestHash(it.id));
        bool ok = _call(relayer, 0, abi.encodeCall(IRequests.cancel, (it.request, signed)));
        _agree(ok, allowed, "cancel");
        if (ok) it.closesAt = closesAt;
    }

    function close(uint256 seed) external {
        Item storage it = items[seed % items.length];
        bool ok = _call(relayer, 0, abi.encodeCall(IRequests.close, (it.request)));
        _agree(ok, it.opened && nowAt > it.closesAt && it.left != 0, "close");
        if (!ok) return;
        modelOwed[it.request.currency] += it.left;
        (it.back, it.left) = (it.left, 0);
    }

    function withdraw(uint256 seed) external {
        address currency = seed % 2 == 0 ? address(0) : address(coin);
        bool ok = _call(relayer, 0, abi.encodeCall(ILedger.withdraw, (currency, other)));
        _agree(ok, modelOwed[currency] != 0, "withdraw");
        modelOwed[currency] = 0;
    }

    /// Silence: time passes.
    function wait_(uint256 seed) external {
        nowAt += seed % 6 hours;
        vm.warp(nowAt);
        ++done["wait"];
    }

    function checkMoney() external view {
        uint256[2] memory left;
        for (uint256 i = 0; i < items.length; ++i) {
            Item memory it = items[i];
            Deposit memory d = requests.deposit(it.id);
            eq(d.left, it.left, "left");
            eq(d.answers, it.answers, "answers");
            eq(d.closesAt, it.closesAt, "closes");
            left[it.request.currency == address(0) ? 0 : 1] += it.left;
            uint256 sum = it.opened ? it.request.price * it.request.answers : 0;
            eq(it.left + it.paid + it.back, sum, "left + paid + back = deposit");
        }
        eq(requests.owed(address(0), other), modelOwed[address(0)], "owed");
        eq(requests.owed(address(coin), other), modelOwed[address(coin)], "owed");
        eq(address(requests).balance, left[0] + modelOwed[address(0)], "coin here");
        eq(coin.balanceOf(address(requests)), left[1] + modelOwed[address(coin)], "tokens here");
        eq(address(exchange).balance, inExchange[address(0)], "coin in the exchange");
        eq(coin.balanceOf(address(exchange)), inExchange[address(coin)], "tokens in the exchange");
    }

    function _add(uint256 seed) private {
        Item storage it = items.push();
        Request memory r = usualRequest();
        r.currency = seed % 2 == 0 ? address(0) : address(coin);
        r.price = [uint256(0), 1, 10_001, 1 ether + 7][(seed >> 8) % 4];
        r.answers = uint32((seed >> 16) % 3 + 1);
        r.endsAt = uint64(nowAt + (seed >> 24) % 4 days);
        r.notice = uint32((seed >> 32) % 1 days);
        r.salt = items.length;
        (it.request, it.id) = (r, idOf(r));
    }

    function _agree(bool ok, bool allowed, string memory what) private {
        if (ok != allowed) revert NotTrue(string.concat(what, ok ? ": done, but not allowed" : ": refused, but allowed"));
        ++done[string.concat(what, ok ? "" : " refused")];
    }

    function _call(address who, uint256 valueWei, bytes memory data) private returns (bool ok) {
        vm.prank(who);
        (ok,) = address(requests).call{value: valueWei}(data);
    }
}
