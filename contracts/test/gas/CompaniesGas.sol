// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Contribution, Kind} from "../../src/ICompany.sol";
import {Companies, Company} from "../Faces.sol";
import {Coin} from "../hostile/Coin.sol";
import {Pauser} from "../hostile/Pauser.sol";
import {PlainShares} from "../peers/PlainShares.sol";
import {Register} from "../Register.sol";
import {Rows} from "./Rows.sol";

/// @notice What a company's register costs, with a pause that is asked, and what OpenZeppelin's votes alone do.
abstract contract CompaniesGas is Rows, Register {
    function founding() internal {
        Companies companies = Companies(deploy("Companies", abi.encode(new Pauser())));
        Company c = founded(companies, address(0), 1000);
        note("companies: found");
        joins(c, ANN_KEY);
        note("company: join, by a relayer");
        contributes(c, ANN_KEY, 400);
        note("company: contribute, by a relayer, the company's first");
        _wait();
        joins(c, BEN_KEY);
        contributes(c, BEN_KEY, 100);
        note("company: contribute, by a relayer, member's first");
        _wait();
        contributes(c, BEN_KEY, 100);
        note("company: contribute, by a relayer, member's next");
        _wait();
        Contribution memory d = contributionOf(c, ben, 100);
        bytes memory signed = signature(BEN_KEY, contributionDigest(c, d));
        vm.prank(registrar);
        c.contribute(d, "", signed);
        note("company: contribute, by the registrar, member's next");
        _wait();
        gives(c, ann, ben, 10);
        note("company: transfer");
        _money(c);
        _asked(c);
        _wait();
        moves(c, BEN_KEY, CAT_KEY);
        note("company: move, by a relayer");
        quits(c, ANN_KEY);
        note("company: quit, by a relayer");
        _tokens(founded(companies, address(new Coin(Coin.Habit.Plain)), 1000));
    }

    function peersOfCompanies() internal {
        PlainShares p = new PlainShares();
        vm.prank(ann);
        p.delegate(ann);
        vm.prank(ben);
        p.delegate(ben);
        note("peer: OpenZeppelin ERC20Votes, delegate to itself, which a company spares");
        p.mint(ann, 100);
        _wait();
        p.mint(ben, 100);
        note("peer: OpenZeppelin ERC20Votes, mint, receiver's first");
        _wait();
        p.mint(ben, 100);
        note("peer: OpenZeppelin ERC20Votes, mint, receiver's next");
        _wait();
        vm.prank(ann);
        p.transfer(ben, 10);
        note("peer: OpenZeppelin ERC20Votes, transfer");
    }

    function _money(Company c) private {
        vm.deal(address(this), 100 ether);
        c.deposit{value: 1 ether}(1 ether);
        note("company: deposit of coin, the first");
        c.deposit{value: 1 ether}(1 ether);
        note("company: deposit of coin, the next, whatever the number of holders");
        c.withdraw(ben);
        note("company: withdraw, to an account that was never used");
        c.deposit{value: 1 ether}(1 ether);
        c.withdraw(ben);
        note("company: withdraw, to an account in use");
        c.endow{value: 1 ether}(1 ether);
        note("company: endow, the first");
    }

    function _asked(Company c) private {
        uint256 number = proposes(c, ann, Kind.Cap, 1500);
        note("company: propose");
        _wait();
        backs(c, ann, number);
        note("company: support");
        vm.warp(block.timestamp + 14 days);
        c.execute(number);
        note("company: execute, a cap");
    }

    function _tokens(Company t) private {
        joins(t, ANN_KEY);
        contributes(t, ANN_KEY, 300);
        Coin coin = Coin(t.currency());
        coin.mint(address(this), 1e9);
        coin.approve(address(t), 1e9);
        t.deposit(3e5);
        t.deposit(3e5);
        note("company: deposit of an ERC-20 token, the next");
        t.withdraw(ann);
        note("company: withdraw of an ERC-20 token, payee's first");
    }

    function _wait() private {
        vm.warp(block.timestamp + 12);
    }
}
