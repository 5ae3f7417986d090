// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {FractionTerms} from "../../src/IFractions.sol";
import {Fraction, Fractions} from "../Faces.sol";
import {Coin} from "../hostile/Coin.sol";
import {PushDividend} from "../peers/PushDividend.sol";
import {Rows} from "./Rows.sol";

/// @notice What a vault and its fractions cost, and what OpenZeppelin's ERC-20 with a payment to each holder does.
abstract contract FractionsGas is Rows {
    function fractionalising() internal {
        address exchange = deploy("Exchange", abi.encode(assets, address(0)));
        Fractions fractions = Fractions(deploy("Fractions", abi.encode(assets, exchange, address(0))));
        Fraction f = _vault(fractions, keccak256("fractions 1"), address(0));
        vm.prank(doctor);
        f.transfer(other, 300);
        note("fraction: transfer, receiver's first");
        vm.prank(doctor);
        f.transfer(other, 1);
        note("fraction: transfer, receiver's next");
        _dividends(f);
        _votes(f);
        _buyout(f);
        Fraction token = _vault(fractions, keccak256("fractions 2"), address(new Coin(Coin.Habit.Plain)));
        _tokens(token);
        vm.prank(doctor);
        token.reunite();
        note("fraction: reunite");
    }

    function peersOfFractions() internal {
        uint256[3] memory counts = [uint256(1), 10, 100];
        for (uint256 i = 0; i < 3; ++i) {
            address[] memory holders = new address[](counts[i]);
            for (uint256 j = 0; j < counts[i]; ++j) {
                holders[j] = address(uint160(0xFACE0000 + j));
                vm.deal(holders[j], 1); // an account in use
            }
            PushDividend push = new PushDividend(holders, 10_000);
            vm.deal(address(this), 1 ether);
            push.deposit{value: 1 ether}();
            note(string.concat("peer: OpenZeppelin ERC-20, dividend paid to each of ", vm.toString(counts[i])));
            if (i != 0) continue;
            vm.prank(holders[0]);
            push.transfer(address(0xFEE1), 300);
            note("peer: OpenZeppelin ERC-20, transfer, receiver's first");
            vm.prank(holders[0]);
            push.transfer(address(0xFEE1), 1);
            note("peer: OpenZeppelin ERC-20, transfer, receiver's next");
        }
    }

    function _dividends(Fraction f) private {
        vm.deal(address(this), 10 ether);
        f.deposit{value: 1 ether}(1 ether);
        note("fraction: deposit of coin, the first");
        f.deposit{value: 1 ether}(1 ether);
        note("fraction: deposit of coin, the next, whatever the number of holders");
        vm.deal(address(f), address(f).balance + 1 ether);
        f.collect();
        note("fraction: collect");
        f.withdraw(other);
        note("fraction: withdraw, to an account that was never used");
        f.deposit{value: 1 ether}(1 ether);
        f.withdraw(other);
        note("fraction: withdraw, to an account in use");
        vm.prank(doctor);
        f.transfer(other, 1);
        note("fraction: transfer after a dividend, receiver's next");
    }

    function _votes(Fraction f) private {
        vm.prank(other);
        f.choose(patient);
        note("fraction: choose");
        vm.warp(block.timestamp + 1 days + 1);
        vm.prank(other);
        f.unlock();
        note("fraction: unlock");
    }

    function _buyout(Fraction f) private {
        vm.deal(buyer, 100 ether);
        vm.prank(buyer);
        f.offer{value: 10 ether}(0.001 ether);
        note("fraction: offer, the first");
        vm.deal(relayer, 100 ether);
        vm.prank(relayer);
        f.offer{value: 20 ether}(0.002 ether);
        note("fraction: offer, a higher one");
        vm.prank(other);
        f.object();
        note("fraction: object");
        vm.warp(block.timestamp + 7 days + 1);
        f.close();
        note("fraction: close");
        vm.prank(other);
        f.redeem(other);
        note("fraction: redeem, to an account in use");
    }

    function _tokens(Fraction f) private {
        Coin coin = Coin(f.currency());
        coin.mint(address(this), 1e9);
        coin.approve(address(f), 1e9);
        f.deposit(1e5);
        note("fraction: deposit of an ERC-20 token, the first");
        f.deposit(1e5);
        note("fraction: deposit of an ERC-20 token, the next");
        f.withdraw(doctor);
        note("fraction: withdraw of an ERC-20 token, payee's first");
    }

    function _vault(Fractions fractions, bytes32 content, address currency) private returns (Fraction) {
        uint256[] memory keys = new uint256[](2);
        (keys[0], keys[1]) = (DOCTOR_KEY, PATIENT_KEY);
        assets.enter(content, 0, splitOf(doctor, 5000, patient, 5000), _signed(content, keys));
        uint256 id = tokenOf(content, splitOf(doctor, 5000, patient, 5000));
        FractionTerms memory t = FractionTerms({supply: 10_000, currency: currency, steward: doctor, salt: 0});
        vm.prank(doctor);
        assets.safeTransferFrom(doctor, address(fractions), id, abi.encode(t));
        note(currency == address(0) ? "fractions: fractionalise, in one transaction" : "fractions: fractionalise, for a token");
        return Fraction(fractions.fractionOf(id, t));
    }

    function _signed(bytes32 content, uint256[] memory keys) private view returns (bytes[] memory) {
        return signaturesOf(content, 0, splitOf(doctor, 5000, patient, 5000), keys);
    }
}
